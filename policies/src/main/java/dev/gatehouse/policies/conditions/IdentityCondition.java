package dev.gatehouse.policies.conditions;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.ConditionFactory;

/**
 * True when an authentication policy found out who sent the request, or when none did.
 *
 * <pre>{@code
 * condition: { name: authenticated }
 * }</pre>
 */
public final class IdentityCondition implements Condition {
    /** No parameters. */
    public record Config() {}

    /** Makes {@code authenticated}. */
    public static final class Authenticated implements ConditionFactory<Config> {
        @Override
        public String name() {
            return "authenticated";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Condition create(Config config, ConditionContext context) {
            return new IdentityCondition(true);
        }
    }

    /** Makes {@code anonymous}. */
    public static final class Anonymous implements ConditionFactory<Config> {
        @Override
        public String name() {
            return "anonymous";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Condition create(Config config, ConditionContext context) {
            return new IdentityCondition(false);
        }
    }

    private final boolean known;

    private IdentityCondition(boolean known) {
        this.known = known;
    }

    @Override
    public boolean test(Exchange exchange) {
        return (exchange.identity() != null) == known;
    }
}
