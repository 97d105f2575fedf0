package dev.gatehouse.config.report;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.bind.SecretNames;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Source;
import dev.gatehouse.config.yaml.Span;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shows problems: {@code FILE:LINE:COLUMN: SEVERITY[CODE]: message}, the lines around the place with carets, a note when
 * a replaced value is to blame, hints. Never shows a secret that is written in the file or came from outside.
 */
public final class ProblemPrinter {
    private static final String WRONG_LEVEL = "206";
    private static final String RED = "\u001B[1;31m";
    private static final String YELLOW = "\u001B[1;33m";
    private static final String RESET = "\u001B[0m";

    private ProblemPrinter() {}

    /** The problems file by file in the order of each; those without a place first. */
    public static List<Problem> inFileOrder(Problems problems) {
        return problems.all().stream()
                .sorted(Comparator.comparing(ProblemPrinter::file)
                        .thenComparingInt(ProblemPrinter::line)
                        .thenComparingInt(ProblemPrinter::column))
                .toList();
    }

    /** One problem for people, without colour and without a line end at its end. */
    public static String text(Problem problem) {
        return text(problem, false);
    }

    /** One problem for people, with colours of a terminal if {@code colour}; no line end at its end. */
    public static String text(Problem problem, boolean colour) {
        String mark = !colour ? "" : problem.severity() == Severity.ERROR ? RED : YELLOW;
        String plain = colour ? RESET : "";
        StringBuilder out = new StringBuilder();
        Span span = problem.span();
        out.append(place(span))
                .append(mark)
                .append(severity(problem))
                .append('[')
                .append(problem.code());
        out.append(']').append(plain).append(": ").append(problem.message()).append('\n');
        if (span != null && !span.source().lines().isEmpty()) {
            out.append('\n');
            Excerpt excerpt = new Excerpt(span, problem.code().endsWith(WRONG_LEVEL));
            excerpt.appendTo(out, mark, plain);
            String note = note(problem, span, excerpt.hidesPlace());
            out.append(note == null ? "" : "   note: after substitution this reads \"" + note + "\"\n");
        }
        problem.hints().forEach(hint -> out.append("   hint: ").append(hint).append('\n'));
        return out.substring(0, out.length() - 1);
    }

    /**
     * One problem for programs, as the members of its JSON object in their documented order. A problem without a place
     * has none of the members that say where.
     */
    public static Map<String, Object> members(Problem problem) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("code", problem.code());
        members.put("severity", severity(problem));
        Span span = problem.span();
        if (span != null) {
            members.put("file", span.source().name());
            members.put("line", span.line());
            members.put("column", span.column());
            members.put("endLine", span.endLine());
            members.put("endColumn", span.endColumn());
        }
        members.put("path", problem.path());
        members.put("message", problem.message());
        members.put("hint", String.join(" ", problem.hints()));
        return members;
    }

    private static String place(@Nullable Span span) {
        if (span == null) {
            return "";
        }
        String name = span.source().name();
        return span.source().lines().isEmpty() ? name + ": " : name + ":" + span.line() + ":" + span.column() + ": ";
    }

    private static String severity(Problem problem) {
        return problem.severity().name().toLowerCase(Locale.ROOT);
    }

    private static String file(Problem problem) {
        return problem.span() == null ? "" : problem.span().source().name();
    }

    private static int line(Problem problem) {
        return problem.span() == null ? 0 : problem.span().line();
    }

    private static int column(Problem problem) {
        return problem.span() == null ? 0 : problem.span().column();
    }

    /** What a replaced value reads, or null when there is none or nothing to tell. */
    private static @Nullable String note(Problem problem, Span span, boolean secret) {
        List<Source.Reference> references = span.source().referencesIn(span);
        boolean unset = references.stream().anyMatch(reference -> reference.reads() == null);
        if (references.isEmpty() || unset || span.line() != span.endLine()) {
            return null;
        }
        boolean hidden = secret
                || SecretNames.matches(problem.path().substring(problem.path().lastIndexOf('.') + 1))
                || references.stream().anyMatch(ref -> ref.file() || SecretNames.matches(ref.name()));
        return hidden ? "***" : Replaced.text(span, references);
    }
}
