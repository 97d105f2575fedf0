package dev.gatehouse.policies.conditions;

import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.ConditionFactory;

/**
 * True when the path is exactly the configured one: letter case and a slash at the end count.
 *
 * <pre>{@code
 * condition: { name: pathExact, path: /health }
 * }</pre>
 *
 * <p>The query takes part only when the configured path has one. Express Gateway always compares both, so that a
 * question mark was enough to escape a guarded step.
 */
public final class PathExactCondition implements Condition {
    /** What is compared. */
    public record Config(
            @Doc("The path, with a query only when that is to be compared too.")
            String path) {}

    /** Makes the condition. */
    public static final class Factory implements ConditionFactory<Config> {
        @Override
        public String name() {
            return "pathExact";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Condition create(Config config, ConditionContext context) {
            return new PathExactCondition(config.path());
        }
    }

    private static final String UNRESERVED_MARKS = "-._~";

    private final String target;
    private final boolean withQuery;

    private PathExactCondition(String path) {
        int query = path.indexOf('?');
        withQuery = query >= 0;
        target = withQuery ? normalised(path.substring(0, query)) + path.substring(query) : normalised(path);
    }

    @Override
    public boolean test(Exchange exchange) {
        String uri = exchange.request().uri();
        int query = withQuery ? -1 : uri.indexOf('?');
        int length = query < 0 ? uri.length() : query;
        return length == target.length() && uri.startsWith(target);
    }

    /** The form that paths of requests have: unreserved characters are not percent-encoded (RFC 3986 section 6.2.2.2). */
    private static String normalised(String path) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            int high = c == '%' && i + 2 < path.length() ? Character.digit(path.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(path.charAt(i + 2), 16);
            char decoded = (char) (high << 4 | low);
            if (low >= 0 && isUnreserved(decoded)) {
                plain.append(decoded);
                i += 2;
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || UNRESERVED_MARKS.indexOf(c) >= 0;
    }
}
