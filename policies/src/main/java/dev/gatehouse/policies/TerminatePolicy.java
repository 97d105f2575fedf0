package dev.gatehouse.policies;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.policy.PolicyFactory;
import dev.gatehouse.policy.Verdict;
import java.nio.charset.StandardCharsets;

/**
 * Ends a pipeline with a fixed answer.
 *
 * <pre>{@code
 * - terminate:
 *     - action: { statusCode: 503, message: Back at noon }
 * }</pre>
 */
public final class TerminatePolicy implements Policy {
    /** The answer. */
    public record Config(
            @Doc("Status of the answer, 200 to 599.") @Default("400")
            int statusCode,

            @Doc("Body of the answer; a text, not a template.") @Default("Terminated")
            String message,

            @Doc("Media type of the body.") @Default("text/html; charset=utf-8")
            String contentType) {
        public Config {
            if (statusCode < 200 || statusCode > 599) {
                throw new IllegalArgumentException(
                        "statusCode: expected a number from 200 to 599, found " + statusCode);
            }
            if (contentType.isBlank() || contentType.chars().anyMatch(c -> c < ' ' || c > '~')) {
                throw new IllegalArgumentException("contentType: expected a media type");
            }
        }
    }

    /** Makes the policy. */
    public static final class Factory implements PolicyFactory<Config> {
        @Override
        public String name() {
            return "terminate";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Policy create(Config config, PolicyContext context) {
            return new TerminatePolicy(config);
        }

        @Override
        public boolean terminal() {
            return true;
        }
    }

    private final Verdict verdict;

    TerminatePolicy(Config config) {
        verdict = Verdict.reply(Reply.of(
                Refusal.TERMINATED,
                config.statusCode(),
                config.contentType(),
                config.message().getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public Verdict apply(Exchange exchange) {
        return verdict;
    }
}
