package dev.gatehouse.config.report;

import dev.gatehouse.config.yaml.Source;
import dev.gatehouse.config.yaml.Span;
import java.util.List;

/** The text of a place with its references replaced. */
final class Replaced {
    private static final int MAX_LENGTH = 200;

    private Replaced() {}

    static String text(Span span, List<Source.Reference> references) {
        String line = span.source().lines().get(span.line() - 1);
        StringBuilder text = new StringBuilder();
        int done = offset(line, span.column());
        int end = offset(line, span.endColumn());
        for (Source.Reference reference : references) {
            int from = offset(line, reference.column());
            text.append(line, Math.min(done, from), from).append(reference.reads());
            done = offset(line, reference.endColumn());
        }
        text.append(line, Math.min(done, end), end);
        String shown = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "…" : text.toString();
        return shown.replace("\r", "\\r").replace("\n", "\\n").replaceAll("\\p{Cntrl}", "·");
    }

    private static int offset(String line, int column) {
        return line.offsetByCodePoints(0, Math.min(column - 1, line.codePointCount(0, line.length())));
    }
}
