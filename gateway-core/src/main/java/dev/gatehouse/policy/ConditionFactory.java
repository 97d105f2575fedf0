package dev.gatehouse.policy;

import dev.gatehouse.config.yaml.Node;

/**
 * Makes conditions of one name. Found by {@link java.util.ServiceLoader}; public with a public constructor.
 *
 * @param <C> the configuration record, bound from the keys beside {@code name}
 */
public interface ConditionFactory<C extends Record> {
    /** The value of {@code name}. */
    String name();

    Class<C> config();

    /**
     * Makes the condition. Start-up thread.
     *
     * @throws ConfigProblem when the configuration cannot work
     */
    Condition create(C config, ConditionContext context);

    /** What a condition gets while it is made. */
    interface ConditionContext extends PolicyContext {
        /** Makes a nested condition; reports what is wrong with it. */
        Condition condition(Node node, String path);
    }
}
