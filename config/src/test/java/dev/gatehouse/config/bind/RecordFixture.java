package dev.gatehouse.config.bind;

import dev.gatehouse.config.yaml.Document;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.config.yaml.YamlReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Binds a piece of YAML to a record. */
final class RecordFixture {
    private final Problems problems = new Problems();

    <C extends Record> @Nullable C bind(Class<C> type, String yaml) {
        return bind(type, yaml, BindOptions.DEFAULT);
    }

    <C extends Record> @Nullable C bind(Class<C> type, String yaml, BindOptions options) {
        Document document = new YamlReader(Map.of("SET", "7"), Path.of("")).read("f.yml", yaml);
        Span place = new Span(document.source(), 1, 1, 1, 1);
        Node.Mapping node = (Node.Mapping) document.root();
        return new RecordBinder(problems, options).bind(node, place, "top", "thing 'x'", type);
    }

    <C extends Record> C bound(Class<C> type, String yaml) {
        C record = bind(type, yaml);
        if (!problems.all().isEmpty()) {
            throw new AssertionError(messages());
        }
        return Objects.requireNonNull(record);
    }

    Problems problems() {
        return problems;
    }

    List<String> codes() {
        return problems.all().stream().map(Problem::code).toList();
    }

    List<String> messages() {
        return problems.all().stream().map(Problem::message).toList();
    }
}
