package dev.gatehouse.policies.conditions;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.ConditionFactory;

/**
 * True for every request, or for none.
 *
 * <pre>{@code
 * condition: { name: never }
 * }</pre>
 */
public final class ConstantCondition implements Condition {
    /** No parameters. */
    public record Config() {}

    /** Makes {@code always}. */
    public static final class Always implements ConditionFactory<Config> {
        @Override
        public String name() {
            return "always";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Condition create(Config config, ConditionContext context) {
            return new ConstantCondition(true);
        }
    }

    /** Makes {@code never}. */
    public static final class Never implements ConditionFactory<Config> {
        @Override
        public String name() {
            return "never";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Condition create(Config config, ConditionContext context) {
            return new ConstantCondition(false);
        }
    }

    private final boolean value;

    private ConstantCondition(boolean value) {
        this.value = value;
    }

    @Override
    public boolean test(Exchange exchange) {
        return value;
    }
}
