package dev.gatehouse.pipeline;

import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.Policy;
import org.jspecify.annotations.Nullable;

/**
 * One condition and policy of a pipeline.
 *
 * @param label {@code policy@line}, for logs
 * @param condition null = always
 */
public record Step(String label, @Nullable Condition condition, Policy policy) {}
