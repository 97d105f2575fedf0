package dev.gatehouse.policies.rewrite;

import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.ConditionFactory;

/**
 * True when a path pattern of Express matches the whole path, by the rules of {@code apiEndpoints.paths}.
 *
 * <pre>{@code
 * condition: { name: pathmatch, match: '/orders/:id' }
 * }</pre>
 *
 * <p>The query takes part only when the pattern mentions it as {@code \?}. Beside {@code rewrite} it also says what is
 * rewritten; it is an ordinary condition for every other policy.
 */
public final class PathmatchCondition implements Condition {
    static final String NAME = "pathmatch";

    /** What is looked for. */
    public record Config(
            @Doc("Path of Express, matched from start to end.")
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
            return new PathmatchCondition(WrittenMatch.compile(NAME, config.match(), context));
        }
    }

    private final TargetMatch match;

    private PathmatchCondition(TargetMatch match) {
        this.match = match;
    }

    @Override
    public boolean test(Exchange exchange) {
        return match.matches(exchange.request().uri());
    }
}
