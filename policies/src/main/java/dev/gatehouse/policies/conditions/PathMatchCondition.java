package dev.gatehouse.policies.conditions;

import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.expression.JsPattern;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.ConditionFactory;
import dev.gatehouse.policy.ConfigProblem;
import java.util.List;
import java.util.Set;

/**
 * True when a JavaScript regular expression matches somewhere in path and query.
 *
 * <pre>{@code
 * condition: { name: pathMatch, pattern: '^/static/' }
 * }</pre>
 *
 * <p>Clients choose the query. Where such a pattern decides over authentication, one that is not anchored at the left
 * or ends in a bare {@code $} is warned about: {@code \.css$} also matches {@code /admin?x=.css}.
 */
public final class PathMatchCondition implements Condition {
    /** What is searched. */
    public record Config(
            @Doc("Regular expression in JavaScript syntax, searched in path and query.")
            Located<String> pattern) {}

    /** Makes the condition. */
    public static final class Factory implements ConditionFactory<Config> {
        private static final Set<String> DECIDING =
                Set.of("oauth2-introspect", "key-auth", "basic-auth", "jwt", "oauth2", "terminate");

        @Override
        public String name() {
            return "pathMatch";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Condition create(Config config, ConditionContext context) {
            String source = config.pattern().value();
            String path = context.step().path() + ".condition.pattern";
            try {
                JsPattern pattern = JsPattern.compile(source, "");
                if (DECIDING.contains(context.step().policy()) && isEscapable(source)) {
                    warn(config.pattern(), path, context);
                }
                return new PathMatchCondition(pattern);
            } catch (IllegalArgumentException invalid) {
                String message = "'" + source + "' is not a regular expression: " + invalid.getMessage();
                throw new ConfigProblem(new Problem(
                        "E0464",
                        Severity.ERROR,
                        config.pattern().span(),
                        path,
                        message,
                        List.of("patterns have the syntax of JavaScript.")));
            }
        }

        private static boolean isEscapable(String source) {
            boolean bareEnd = source.endsWith("$") && !source.endsWith("\\$") && !source.endsWith("(\\?|$");
            return !source.startsWith("^") || bareEnd;
        }

        private static void warn(Located<String> pattern, String path, ConditionContext context) {
            context.problems()
                    .warn(
                            "W0461",
                            pattern.span(),
                            path,
                            "'" + pattern.value() + "' is searched in path and query, so a client can choose whether "
                                    + "it matches",
                            "start it with '^' and end it with '(\\?|$)', or use 'pathExact'.");
        }
    }

    private final JsPattern pattern;

    private PathMatchCondition(JsPattern pattern) {
        this.pattern = pattern;
    }

    @Override
    public boolean test(Exchange exchange) {
        return pattern.find(exchange.request().uri());
    }
}
