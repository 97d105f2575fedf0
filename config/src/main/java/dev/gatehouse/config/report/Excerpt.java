package dev.gatehouse.config.report;

import dev.gatehouse.config.yaml.Source;
import dev.gatehouse.config.yaml.Span;
import java.util.List;

/** The lines around a place, with carets under it. */
final class Excerpt {
    private static final int MAX_WIDTH = 160;
    private static final int BEFORE_CARET = 60;

    private final Span span;
    private final Source source;
    private final List<MaskedLine> lines;
    private final int first;

    Excerpt(Span span, boolean withNext) {
        this.span = span;
        this.source = span.source();
        this.first = Math.max(1, span.line() - 1);
        this.lines = SecretMask.lines(source, first, span.line() + (withNext ? 1 : 0));
    }

    /** Appends the excerpt, each line with its line end; {@code mark} and {@code plain} switch the carets' colour. */
    void appendTo(StringBuilder out, String mark, String plain) {
        for (int i = 0; i < lines.size(); i++) {
            int number = first + i;
            boolean here = number == span.line();
            String text = lines.get(i).text();
            int from = here ? lines.get(i).shown(offset(span.column())) : 0;
            int window = here && from > MAX_WIDTH - BEFORE_CARET ? from - BEFORE_CARET : 0;
            boolean lastEmpty = number == source.lines().size() && text.isEmpty() && !here;
            if (!lastEmpty) {
                line(out, "%5d".formatted(number), cut(text, window));
            }
            if (here) {
                carets(out, lines.get(i), from, window, mark, plain);
            }
        }
    }

    /** Whether the place shows something secret. */
    boolean hidesPlace() {
        int index = span.line() - first;
        return index < lines.size() && lines.get(index).hides(offset(span.column()), offset(endColumn()));
    }

    private void carets(StringBuilder out, MaskedLine line, int from, int window, String mark, String plain) {
        String text = line.text();
        int to = Math.min(Math.max(line.shownEnd(offset(endColumn())), from), window + MAX_WIDTH);
        int count = Math.max(1, text.codePointCount(Math.min(from, to), to));
        int indent = text.codePointCount(window, Math.max(window, from)) + (window > 0 ? 1 : 0);
        line(out, "     ", " ".repeat(indent) + mark + "^".repeat(count) + plain);
    }

    /** A span of several lines is marked to the end of its first. */
    private int endColumn() {
        if (span.endLine() == span.line()) {
            return span.endColumn();
        }
        String line = line();
        return line.codePointCount(0, line.stripTrailing().length()) + 1;
    }

    private int offset(int column) {
        String line = line();
        int characters = Math.min(column - 1, line.codePointCount(0, line.length()));
        return line.offsetByCodePoints(0, characters);
    }

    private String line() {
        return span.line() <= source.lines().size() ? source.lines().get(span.line() - 1) : "";
    }

    private static String cut(String text, int window) {
        int end = Math.min(text.length(), window + MAX_WIDTH);
        return (window > 0 ? "…" : "") + text.substring(Math.min(window, end), end) + (end < text.length() ? "…" : "");
    }

    private static void line(StringBuilder out, String gutter, String text) {
        out.append((gutter + " | " + text).stripTrailing()).append('\n');
    }
}
