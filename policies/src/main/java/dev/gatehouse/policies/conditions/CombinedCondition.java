package dev.gatehouse.policies.conditions;

import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.ConditionFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * True when all of several conditions are, or at least one. They are asked in order until the result is known; of no
 * conditions all are true and none is.
 *
 * <pre>{@code
 * condition: { name: allOf, conditions: [{ name: authenticated }, { name: method, methods: [PUT, POST] }] }
 * }</pre>
 */
public final class CombinedCondition implements Condition {
    /** What is combined. */
    public record Config(
            @Doc("The conditions, asked in order.") List<Node.Mapping> conditions) {}

    /** Makes {@code allOf}. */
    public static final class AllOf implements ConditionFactory<Config> {
        @Override
        public String name() {
            return "allOf";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Condition create(Config config, ConditionContext context) {
            return new CombinedCondition(nested(config, context), true);
        }
    }

    /** Makes {@code oneOf}, which means at least one. */
    public static final class OneOf implements ConditionFactory<Config> {
        @Override
        public String name() {
            return "oneOf";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Condition create(Config config, ConditionContext context) {
            return new CombinedCondition(nested(config, context), false);
        }
    }

    private static List<Condition> nested(Config config, ConditionFactory.ConditionContext context) {
        List<Condition> conditions = new ArrayList<>();
        for (int i = 0; i < config.conditions().size(); i++) {
            String path = context.step().path() + ".condition.conditions[" + i + "]";
            conditions.add(context.condition(config.conditions().get(i), path));
        }
        return conditions;
    }

    private final Condition[] conditions;
    private final boolean all;

    private CombinedCondition(List<Condition> conditions, boolean all) {
        this.conditions = conditions.toArray(new Condition[0]);
        this.all = all;
    }

    @Override
    public boolean test(Exchange exchange) {
        for (Condition condition : conditions) {
            if (condition.test(exchange) != all) {
                return !all;
            }
        }
        return all;
    }
}
