package dev.gatehouse.policies.conditions;

import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.ConditionFactory;

/**
 * True when another condition is false.
 *
 * <pre>{@code
 * condition: { name: not, condition: { name: method, methods: GET } }
 * }</pre>
 */
public final class NotCondition implements Condition {
    /** What is negated. */
    public record Config(
            @Doc("The condition that is negated.") Node.Mapping condition) {}

    /** Makes the condition. */
    public static final class Factory implements ConditionFactory<Config> {
        @Override
        public String name() {
            return "not";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Condition create(Config config, ConditionContext context) {
            String path = context.step().path() + ".condition.condition";
            return new NotCondition(context.condition(config.condition(), path));
        }
    }

    private final Condition negated;

    private NotCondition(Condition negated) {
        this.negated = negated;
    }

    @Override
    public boolean test(Exchange exchange) {
        return !negated.test(exchange);
    }
}
