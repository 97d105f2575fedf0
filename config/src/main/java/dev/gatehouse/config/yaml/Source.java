package dev.gatehouse.config.yaml;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One configuration file as written, before substitution.
 *
 * @param name the name shown in messages
 * @param lines the text, line by line, without line ends
 * @param references every {@code ${…}} of the text, in file order, and what it was replaced by
 */
public record Source(String name, List<String> lines, List<Reference> references) {
    public Source {
        lines = List.copyOf(lines);
        references = List.copyOf(references);
    }

    /** A text without references. */
    public Source(String name, List<String> lines) {
        this(name, lines, List.of());
    }

    /** The references that lie at least partly in {@code span}, in file order. */
    public List<Reference> referencesIn(Span span) {
        return references.stream().filter(reference -> reference.touches(span)).toList();
    }

    /** The name only: the text may hold secrets. */
    @Override
    public String toString() {
        return name;
    }

    /**
     * A {@code ${NAME}}, {@code ${NAME:-default}}, {@code ${file:PATH}} or {@code $${NAME}} of the text. It never spans
     * lines.
     *
     * @param name name of the variable, or path of the file
     * @param line its line, from 1
     * @param column its first column, from 1, in characters
     * @param endColumn the column behind its last character
     * @param reads the text that replaced it; null when the variable is not set and no default is given
     * @param file whether it names a file, whose content is always treated as a secret
     */
    public record Reference(
            String name,
            int line,
            int column,
            int endColumn,
            @Nullable String reads,
            boolean file) {
        boolean touches(Span span) {
            boolean startsBeforeEnd =
                    line < span.endLine() || (line == span.endLine() && column < Math.max(span.endColumn(), 2));
            boolean endsAfterStart = line > span.line() || (line == span.line() && endColumn > span.column());
            return startsBeforeEnd && endsAfterStart;
        }

        /** The place without the text that was put there. */
        @Override
        public String toString() {
            return "${" + name + "} at " + line + ":" + column;
        }
    }
}
