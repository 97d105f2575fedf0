package dev.gatehouse.config;

import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.yaml.Span;
import java.util.List;

/**
 * A pipeline: the policies that run for some apiEndpoints, in order.
 *
 * @param name its key, or the {@code name} of a list element
 * @param apiEndpoints names as written, also unknown ones
 * @param steps every condition and action pair, in order
 * @param span place of its name
 */
public record PipelineConfig(String name, List<Located<String>> apiEndpoints, List<StepConfig> steps, Span span) {
    public PipelineConfig {
        apiEndpoints = List.copyOf(apiEndpoints);
        steps = List.copyOf(steps);
    }
}
