package dev.gatehouse.cli.migrate;

import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.CompatConfig;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.PipelineConfig;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.yaml.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The configuration that rules look at.
 *
 * @param known policies of the product; rules about others would promise what is not there
 */
record Subject(GatewayConfig config, Set<String> known) {
    Subject {
        known = Set.copyOf(known);
    }

    /** Every step of every pipeline that a policy of the product runs. */
    List<WrittenStep> steps() {
        List<WrittenStep> steps = new ArrayList<>();
        for (PipelineConfig pipeline : config.pipelines()) {
            pipeline.steps().stream()
                    .filter(step -> known.contains(step.policy()))
                    .forEach(step -> steps.add(new WrittenStep(this, pipeline, step)));
        }
        return steps;
    }

    List<WrittenStep> steps(String policy) {
        return steps().stream().filter(step -> step.policy().equals(policy)).toList();
    }

    /** Every condition that is written, those inside others included. */
    List<Node.Mapping> conditions() {
        List<Node.Mapping> conditions = new ArrayList<>();
        for (PipelineConfig pipeline : config.pipelines()) {
            pipeline.steps().forEach(step -> collect(step.condition(), conditions));
        }
        return conditions;
    }

    /** The apiEndpoints that a pipeline serves. */
    List<ApiEndpointConfig> endpoints(PipelineConfig pipeline) {
        Set<String> names = pipeline.apiEndpoints().stream().map(Located::value).collect(Collectors.toSet());
        return config.apiEndpoints().stream()
                .filter(endpoint -> names.contains(endpoint.name()))
                .toList();
    }

    /** Whether a pipeline uses one of these policies, there or not. */
    boolean uses(Set<String> policies) {
        return config.pipelines().stream()
                .flatMap(pipeline -> pipeline.steps().stream())
                .anyMatch(step -> policies.contains(step.policy()));
    }

    /** Whether refusals keep the statuses of Express Gateway. */
    boolean keepsStatuses() {
        return config.compat().status() == CompatConfig.Status.EXPRESS_GATEWAY;
    }

    private static void collect(@Nullable Node node, List<Node.Mapping> conditions) {
        if (node instanceof Node.Mapping mapping) {
            if (mapping.get("name") instanceof Node.Scalar) {
                conditions.add(mapping);
            }
            mapping.entries().forEach(entry -> collect(entry.value(), conditions));
        } else if (node instanceof Node.Sequence sequence) {
            sequence.items().forEach(item -> collect(item, conditions));
        }
    }
}
