package dev.gatehouse.policy;

import dev.gatehouse.config.yaml.Node;
import org.jspecify.annotations.Nullable;

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

        /**
         * Declares that the condition reads {@code parsedBody()} of the exchange: it is there whenever a condition of
         * this step is asked. A body that cannot be read is refused before.
         *
         * @param maxBytes largest body, in bytes; a larger one is answered with 413
         */
        void needBody(int maxBytes);

        /** The text of a file named in the configuration, found as by {@link #resolve}; null when it cannot be read. */
        @Nullable
        String read(String file);
    }
}
