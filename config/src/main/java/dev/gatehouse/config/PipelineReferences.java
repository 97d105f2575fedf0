package dev.gatehouse.config;

import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Nearest;
import dev.gatehouse.config.bind.Problems;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks which pipeline serves which apiEndpoint. Express Gateway accepts all of this in silence. */
final class PipelineReferences {
    private final Problems problems;
    private final Set<String> names;

    /** {@code names} are the apiEndpoints of the file, also those that have mistakes. */
    PipelineReferences(Problems problems, Set<String> names) {
        this.problems = problems;
        this.names = names;
    }

    void check(List<ApiEndpointConfig> endpoints, List<PipelineConfig> pipelines) {
        Map<String, ApiEndpointConfig> byName = new LinkedHashMap<>();
        endpoints.forEach(endpoint -> byName.putIfAbsent(endpoint.name(), endpoint));
        Map<String, PipelineConfig> servedBy = new HashMap<>();
        for (PipelineConfig pipeline : pipelines) {
            checkServes(pipeline);
            for (Located<String> name : pipeline.apiEndpoints()) {
                checkName(name, pipeline);
                checkShared(name, servedBy.put(name.value(), pipeline), pipeline);
            }
        }
        Set<String> served = servedBy.keySet();
        byName.values().stream()
                .filter(endpoint -> !pipelines.isEmpty() && !served.contains(endpoint.name()))
                .forEach(this::reportUnserved);
    }

    private void checkServes(PipelineConfig pipeline) {
        if (pipeline.apiEndpoints().stream().noneMatch(name -> names.contains(name.value()))) {
            problems.warn(
                    "W0301",
                    pipeline.span(),
                    "pipelines." + pipeline.name(),
                    "pipeline '" + pipeline.name() + "' serves no api endpoint");
        }
    }

    private void checkName(Located<String> name, PipelineConfig pipeline) {
        if (names.contains(name.value())) {
            return;
        }
        String near = Nearest.to(name.value(), names);
        String defined = names.isEmpty()
                ? "no api endpoint is defined."
                : "defined api endpoints: " + names.stream().sorted().collect(Collectors.joining(", ")) + ".";
        String[] hints = near == null ? new String[] {defined} : new String[] {"did you mean '" + near + "'?", defined};
        problems.warn(
                "W0302",
                name.span(),
                "pipelines." + pipeline.name() + ".apiEndpoints",
                "api endpoint '" + name.value() + "' is not defined",
                hints);
    }

    private void checkShared(Located<String> name, @Nullable PipelineConfig before, PipelineConfig pipeline) {
        if (before != null && !before.equals(pipeline)) {
            problems.warn(
                    "W0303",
                    name.span(),
                    "pipelines." + pipeline.name() + ".apiEndpoints",
                    "api endpoint '" + name.value() + "' is also in pipeline '" + before.name() + "'",
                    "the last pipeline, '" + pipeline.name() + "', serves it.");
        }
    }

    private void reportUnserved(ApiEndpointConfig endpoint) {
        problems.warn(
                "W0304",
                endpoint.span(),
                "apiEndpoints." + endpoint.name(),
                "api endpoint '" + endpoint.name() + "' is in no pipeline and answers 404");
    }
}
