package dev.gatehouse.policies.conditions;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.ConditionFactory;

/**
 * True when the client presented a certificate that was verified against the configured authorities.
 *
 * <pre>{@code
 * condition: { name: tlsClientAuthenticated }
 * }</pre>
 */
public final class TlsClientCondition implements Condition {
    /** No parameters. */
    public record Config() {}

    /** Makes the condition. */
    public static final class Factory implements ConditionFactory<Config> {
        @Override
        public String name() {
            return "tlsClientAuthenticated";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Condition create(Config config, ConditionContext context) {
            return new TlsClientCondition();
        }
    }

    private TlsClientCondition() {}

    @Override
    public boolean test(Exchange exchange) {
        return exchange.peer().secure()
                && exchange.peer().certificate() != null
                && exchange.peer().certificateTrusted();
    }
}
