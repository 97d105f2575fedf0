package dev.gatehouse.config;

import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import org.jspecify.annotations.Nullable;

/**
 * One condition and action pair of a policy in a pipeline.
 *
 * @param policy name of the policy
 * @param path dotted path of the step, such as {@code pipelines.api.policies[1].proxy[0]}
 * @param condition as written; null = always
 * @param action as written; null = defaults
 * @param span place of the policy's name
 */
public record StepConfig(
        String policy, String path, Node.@Nullable Mapping condition, Node.@Nullable Mapping action, Span span) {}
