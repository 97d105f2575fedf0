package dev.gatehouse.pipeline;

import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.Policy;
import org.jspecify.annotations.Nullable;

/**
 * One condition and policy of a pipeline.
 *
 * @param label {@code policy@line}, for logs
 * @param condition null = always
 * @param bodyBytes largest request body that the condition reads, in bytes; 0 = it reads none
 */
public record Step(String label, @Nullable Condition condition, Policy policy, int bodyBytes) {
    /** A step whose condition reads no body. */
    public Step(String label, @Nullable Condition condition, Policy policy) {
        this(label, condition, policy, 0);
    }
}
