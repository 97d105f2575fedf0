package dev.gatehouse.cli.migrate;

import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.PipelineConfig;
import dev.gatehouse.config.ServiceEndpointConfig;
import dev.gatehouse.config.StepConfig;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A step as it stands in the file, with its surroundings. */
record WrittenStep(Subject subject, PipelineConfig pipeline, StepConfig step) {
    String policy() {
        return step.policy();
    }

    Span place() {
        return step.span();
    }

    /** The place of an option, or of the step where it is not written. */
    Span place(String option) {
        Node.Entry entry = entry(step.action(), option);
        return entry == null ? place() : entry.keySpan();
    }

    boolean has(String option) {
        return value(option) != null;
    }

    /** The value of an option in the action, {@code cache.ttlZero} in the mapping {@code cache}; null = not written. */
    @Nullable
    Node value(String option) {
        Node.Mapping mapping = step.action();
        String[] keys = option.split("\\.", -1);
        for (int i = 0; i < keys.length - 1; i++) {
            mapping = mapping != null && mapping.get(keys[i]) instanceof Node.Mapping inner ? inner : null;
        }
        return mapping == null ? null : mapping.get(keys[keys.length - 1]);
    }

    /** The text of an option; empty when it is absent or no single value. */
    String text(String option) {
        return value(option) instanceof Node.Scalar scalar ? scalar.text() : "";
    }

    /** Whether an option is written in the action or in the proxyOptions of the service endpoint. */
    boolean isProxied(String option) {
        ServiceEndpointConfig service = service();
        return has(option)
                || has("proxyOptions." + option)
                || (service != null
                        && service.proxyOptions() != null
                        && service.proxyOptions().get(option) != null);
    }

    List<ApiEndpointConfig> endpoints() {
        return subject.endpoints(pipeline);
    }

    /** Whether a step before this one, in the same pipeline, is of one of these policies. */
    boolean follows(List<String> policies) {
        return pipeline.steps().stream()
                .takeWhile(other -> !other.path().equals(step.path()))
                .anyMatch(other -> policies.contains(other.policy()));
    }

    private @Nullable ServiceEndpointConfig service() {
        String name = text("serviceEndpoint");
        return subject.config().serviceEndpoints().stream()
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static Node.@Nullable Entry entry(Node.@Nullable Mapping mapping, String key) {
        return mapping == null
                ? null
                : mapping.entries().stream()
                        .filter(entry -> entry.key().equals(key))
                        .findFirst()
                        .orElse(null);
    }
}
