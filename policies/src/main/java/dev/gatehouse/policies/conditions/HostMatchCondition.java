package dev.gatehouse.policies.conditions;

import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.ConditionFactory;
import dev.gatehouse.policy.ConfigProblem;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.List;

/**
 * True when a glob matches the Host header; false without one. Letter case counts.
 *
 * <pre>{@code
 * condition: { name: hostMatch, pattern: '{api,www}.example.com' }
 * }</pre>
 *
 * <p>A pattern without a colon is compared with the host alone, because clients choose the port that they write. With
 * a colon the whole header is compared, as in Express Gateway.
 */
public final class HostMatchCondition implements Condition {
    /** What is compared. */
    public record Config(
            @Doc("Glob for the host; with a colon in it also for the port.")
            Located<String> pattern) {}

    /** Makes the condition. */
    public static final class Factory implements ConditionFactory<Config> {
        @Override
        public String name() {
            return "hostMatch";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Condition create(Config config, ConditionContext context) {
            String source = config.pattern().value();
            String path = context.step().path() + ".condition.pattern";
            if (source.chars().anyMatch(c -> c >= 'A' && c <= 'Z')) {
                context.problems()
                        .warn(
                                "W0462",
                                config.pattern().span(),
                                path,
                                "'" + source + "' has capital letters, and hosts are compared as clients write them",
                                "clients mostly send host names in lower case.");
            }
            try {
                return new HostMatchCondition(Glob.compile(source), source.indexOf(':') >= 0);
            } catch (IllegalArgumentException invalid) {
                String message = "'" + source + "' cannot be used as a pattern: " + invalid.getMessage();
                throw new ConfigProblem(new Problem(
                        "E0464",
                        Severity.ERROR,
                        config.pattern().span(),
                        path,
                        message,
                        List.of("write a shorter pattern.")));
            }
        }
    }

    private final Glob glob;
    private final boolean withPort;

    private HostMatchCondition(Glob glob, boolean withPort) {
        this.glob = glob;
        this.withPort = withPort;
    }

    @Override
    public boolean test(Exchange exchange) {
        String host = exchange.request().headers().get(HttpHeaderNames.HOST);
        return host != null && glob.matches(withPort ? host : withoutPort(host));
    }

    private static String withoutPort(String host) {
        int colon = host.indexOf(':', host.startsWith("[") ? Math.max(0, host.indexOf(']')) : 0);
        return colon < 0 ? host : host.substring(0, colon);
    }
}
