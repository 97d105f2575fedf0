package dev.gatehouse.policies.rewrite;

import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.ConditionFactory;

/**
 * True when a JavaScript regular expression is found in the path.
 *
 * <pre>{@code
 * condition: { name: regexpmatch, match: '^/orders/([0-9]+)$' }
 * }</pre>
 *
 * <p>The query takes part only when the pattern mentions it as {@code \?}. Beside {@code rewrite} it also says what is
 * rewritten; it is an ordinary condition for every other policy.
 */
public final class RegexpmatchCondition implements Condition {
    static final String NAME = "regexpmatch";

    /** What is looked for. */
    public record Config(
            @Doc("Regular expression in JavaScript syntax, found anywhere in the path.")
            Located<String> match) {}

    /** Makes the condition. */
    public static final class Factory implements ConditionFactory<Config> {
        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Condition create(Config config, ConditionContext context) {
            return new RegexpmatchCondition(WrittenMatch.compile(NAME, config.match(), context));
        }
    }

    private final TargetMatch match;

    private RegexpmatchCondition(TargetMatch match) {
        this.match = match;
    }

    @Override
    public boolean test(Exchange exchange) {
        return match.matches(exchange.request().uri());
    }
}
