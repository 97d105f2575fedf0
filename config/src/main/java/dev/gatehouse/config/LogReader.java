package dev.gatehouse.config;

import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code log}, in which {@code access: all} is short for {@code access: {level: all}}. */
final class LogReader {
    private static final String PATH = "log.access";

    private final Reading reading;

    LogReader(Reading reading) {
        this.reading = reading;
    }

    @Nullable
    LogConfig read(Node.@Nullable Entry section, Span fallback) {
        if (section == null || Reading.isNull(section.value())) {
            return bind(null, fallback);
        }
        Node.Mapping log = reading.mapping(section.value(), Reading.place(section), "log");
        if (log == null) {
            return null;
        }
        reading.checkKeys(
                log,
                Set.of("access"),
                key -> Set.of("level", "identity", "query").contains(key) ? "access" : null,
                "log",
                "'log'");
        Node.Entry access = Reading.entry(log, "access");
        if (access == null || Reading.isNull(access.value())) {
            return bind(null, section.keySpan());
        }
        if (access.value() instanceof Node.Scalar level) {
            Node.Entry entry = new Node.Entry("level", access.keySpan(), level);
            return bind(new Node.Mapping(level.span(), List.of(entry)), access.keySpan());
        }
        Node.Mapping mapping = reading.mapping(access.value(), Reading.place(access), PATH);
        return mapping == null ? null : bind(mapping, access.keySpan());
    }

    private @Nullable LogConfig bind(Node.@Nullable Mapping access, Span place) {
        return reading.bind(access, place, PATH, "'" + PATH + "'", LogConfig.class);
    }
}
