package dev.gatehouse.policies;

import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.expression.Template;
import dev.gatehouse.expression.value.ExpressionFailure;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.policy.PolicyFactory;
import dev.gatehouse.policy.Verdict;
import dev.gatehouse.policy.WrittenExpression;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one line to the application log when a request reaches it.
 *
 * <pre>{@code
 * - log:
 *     - action: { message: '${req.method} ${req.path} from ${req.ip}' }
 * }</pre>
 *
 * <p>A message that cannot be built is an error in the log and nothing else: the request goes on. A client decides what
 * is in a message, so control characters are written as escapes and long messages are cut.
 */
public final class LogPolicy implements Policy {
    /** The message. */
    public record Config(
            @Doc("Text of the line, a template: `${req.path}` and the like are replaced.")
            Located<String> message) {}

    /** Makes the policy. */
    public static final class Factory implements PolicyFactory<Config> {
        @Override
        public String name() {
            return "log";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Policy create(Config config, PolicyContext context) {
            String path = context.step().path() + ".action.message";
            Template message = WrittenExpression.template(config.message(), path);
            for (String word : CREDENTIALS) {
                if (message.words().contains(word)) {
                    context.problems()
                            .warn(
                                    "W0463",
                                    config.message().span(),
                                    path,
                                    "the message has '" + word + "' in it: whoever reads the log can use it",
                                    "log something that identifies the client instead, such as consumer.sub.");
                    break;
                }
            }
            return new LogPolicy(message);
        }
    }

    /** Longest message, in characters. */
    static final int LONGEST = 8192;

    private static final Set<String> CREDENTIALS =
            Set.of("authorization", "proxy-authorization", "access_token", "cookie", "cookies", "set-cookie");

    // Express Gateway's label, which people search their logs for.
    private static final String LABEL = "[EG:log-policy]";
    private static final Logger LOG = LoggerFactory.getLogger(LogPolicy.class);

    private final Template message;

    private LogPolicy(Template message) {
        this.message = message;
    }

    @Override
    public Verdict apply(Exchange exchange) {
        try {
            LOG.info("{} {}", LABEL, line(message.text(exchange)));
        } catch (ExpressionFailure failure) {
            LOG.error("{} failed to build log message: {}", LABEL, line(String.valueOf(failure.getMessage())));
        }
        return Verdict.next();
    }

    /** One line whatever is in it: nobody forges a second one, moves the cursor of a terminal or turns its text round. */
    static String line(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), LONGEST));
        int read = 0;
        while (read < text.length() && line.length() < LONGEST) {
            char c = text.charAt(read++);
            if (isPrintable(c)) {
                line.append(c);
            } else {
                line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return read == text.length() ? line.toString() : line.append("...").toString();
    }

    private static boolean isPrintable(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
