package dev.gatehouse.config;

import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code pipelines} in every spelling that Express Gateway or its documentation shows. */
final class PipelineReader {
    private static final Set<String> KEYS = Set.of("name", "apiEndpoints", "apiEndpoint", "policies", "policy");

    private final Reading reading;
    private final StepReader steps;

    PipelineReader(Reading reading, PolicyWhitelist whitelist) {
        this.reading = reading;
        this.steps = new StepReader(reading, whitelist);
    }

    List<PipelineConfig> read(Node.@Nullable Entry section) {
        List<PipelineConfig> pipelines = new ArrayList<>();
        if (section != null && section.value() instanceof Node.Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                Node item = sequence.items().get(i);
                String path = section.key() + "[" + i + "]";
                add(pipelines, read(item, item.span(), listName(item, i), path));
            }
            return pipelines;
        }
        for (Node.Entry entry : reading.entries(section)) {
            String path = (section == null ? "pipelines" : section.key()) + "." + entry.key();
            add(pipelines, read(entry.value(), entry.keySpan(), entry.key(), path));
        }
        return pipelines;
    }

    private static void add(List<PipelineConfig> pipelines, @Nullable PipelineConfig pipeline) {
        if (pipeline != null) {
            pipelines.add(pipeline);
        }
    }

    private static String listName(Node item, int index) {
        boolean named = item instanceof Node.Mapping mapping
                && mapping.get("name") instanceof Node.Scalar name
                && name.value() != null;
        return named && ((Node.Mapping) item).get("name") instanceof Node.Scalar name ? name.text() : "#" + (index + 1);
    }

    private @Nullable PipelineConfig read(Node node, Span place, String name, String path) {
        Node.Mapping mapping = reading.mapping(node, place, path);
        if (mapping == null) {
            return null;
        }
        reading.checkKeys(mapping, KEYS, key -> null, path, "pipeline '" + name + "'");
        return new PipelineConfig(name, apiEndpoints(mapping, path), steps(mapping, place, name, path), place);
    }

    private List<Located<String>> apiEndpoints(Node.Mapping pipeline, String path) {
        Node.Entry entry = either(pipeline, "apiEndpoints", "apiEndpoint");
        if (entry == null || Reading.isNull(entry.value())) {
            return List.of();
        }
        List<Node> names = entry.value() instanceof Node.Sequence sequence ? sequence.items() : List.of(entry.value());
        List<Located<String>> endpoints = new ArrayList<>();
        for (Node name : names) {
            if (name instanceof Node.Scalar scalar && scalar.value() != null) {
                endpoints.add(new Located<>(scalar.text(), scalar.span()));
            } else {
                reading.reportKind(name, name.span(), path + "." + entry.key(), "the name of an api endpoint");
            }
        }
        return endpoints;
    }

    private List<StepConfig> steps(Node.Mapping pipeline, Span place, String name, String path) {
        Node.Entry entry = either(pipeline, "policies", "policy");
        if (entry == null) {
            reading.problems()
                    .error(
                            "E0201",
                            place,
                            path + ".policies",
                            "'policies' of pipeline '" + name + "' is missing",
                            "add 'policies', a list.");
            return List.of();
        }
        return steps.read(entry, path + "." + entry.key());
    }

    private static Node.@Nullable Entry either(Node.Mapping mapping, String plural, String singular) {
        Node.Entry entry = Reading.entry(mapping, plural);
        return entry == null ? Reading.entry(mapping, singular) : entry;
    }
}
