package dev.gatehouse.config.yaml;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * Finds out which mistake made a text unreadable. A parser says where it got lost; the mistake is often before that
 * place, so each rule here looks for the thing a person typed or pasted and points at it.
 */
final class SyntaxDiagnosis {
    private static final Pattern KEY_WITHOUT_SPACE =
            Pattern.compile("(?:- +)*(?<key>[\\w$.-]+):(?![\\s/]|$)(?<value>\\S.*)");
    private static final Pattern KEY_WITHOUT_COLON =
            Pattern.compile("(?:- +)*(?<key>[A-Za-z_][\\w-]*)(?: +(?<value>[^:]*))?");
    private static final Pattern ESCAPE =
            Pattern.compile("found unknown escape character (?<escape>.)\\(.*", Pattern.DOTALL);

    private final Positions positions;
    private final String text;

    SyntaxDiagnosis(Positions positions, String text) {
        this.positions = positions;
        this.text = text;
    }

    Fault explain(YAMLException broken) {
        if (broken instanceof ReaderException unprintable) {
            int at = text.offsetByCodePoints(
                    0, Math.min(unprintable.getPosition(), text.codePointCount(0, text.length())));
            String name = String.format("U+%04X", unprintable.getCodePoint());
            return fault("E0104", at, at + 1, "the character " + name + " is not allowed in a text", "remove it.");
        }
        if (!(broken instanceof MarkedYAMLException marked) || marked.getProblemMark() == null) {
            int at = new EventScan(text, positions).deeperThan(YamlReader.MAX_DEPTH);
            return fault("E0109", at, at + 1, "values are nested deeper than " + YamlReader.MAX_DEPTH + " levels");
        }
        int at = offset(marked.getProblemMark());
        int context = marked.getContextMark() == null ? at : offset(marked.getContextMark());
        return explain(problem(marked.getProblem()), at, context);
    }

    /** SnakeYAML does not wrap what it says about some malformed tags. */
    Fault malformedTag() {
        int at = new EventScan(text, positions).end();
        return fault("E0110", at, at + 1, "a tag near this place cannot be read", "put quotes around the value.");
    }

    private static String problem(@Nullable String problem) {
        return problem == null ? "" : problem;
    }

    private Fault explain(String problem, int at, int context) {
        Fault blank = indentation(at, context);
        if (blank != null) {
            return blank;
        }
        Fault quote = quotes(problem, at, context);
        if (quote != null) {
            return quote;
        }
        Fault sign = signs(problem, at, context);
        if (sign != null) {
            return sign;
        }
        return structure(problem, at, context);
    }

    private @Nullable Fault indentation(int at, int context) {
        for (int place : new int[] {at, context}) {
            int tab = Tabs.inIndentation(text, place);
            if (tab >= 0) {
                return fault(
                        "E0101", tab, tab + 1, "a tab character cannot be used for indentation", "use two spaces.");
            }
            int start = Tabs.lineStart(text, place);
            int first = start + spaces(start);
            if (first < text.length() && text.charAt(first) != ' ' && Character.isSpaceChar(text.charAt(first))) {
                return fault(
                        "E0101",
                        first,
                        first + 1,
                        "a non-breaking space cannot be used for indentation",
                        "replace it by ordinary spaces.");
            }
        }
        return null;
    }

    private @Nullable Fault quotes(String problem, int at, int context) {
        char before = lastBefore(at);
        boolean afterQuote = before == '\'' || before == '"';
        if (at < text.length() && text.charAt(at) == ',') {
            String what = afterQuote ? "a comma cannot follow a quoted value" : "a comma cannot stand here";
            return fault("E0102", at, at + 1, what, "remove the comma.");
        }
        if (problem.startsWith("found unexpected end of stream") || problem.startsWith("found unexpected document")) {
            return unclosed(context);
        }
        int open = afterQuote ? new EventScan(text, positions).manyLinesBefore(at) : -1;
        if (open >= 0) {
            return unclosed(open);
        }
        if (afterQuote && problem.contains("expected <block end>")) {
            int end = Tabs.lineEnd(text, at);
            return fault(
                    "E0102",
                    at,
                    end,
                    "text cannot follow a closing quote",
                    "put one pair of quotes around the whole value.");
        }
        return null;
    }

    private Fault unclosed(int open) {
        return fault(
                "E0102",
                open,
                Tabs.lineEnd(text, open),
                "this quote is not closed",
                "add the closing quote at the end of the value.");
    }

    private @Nullable Fault signs(String problem, int at, int context) {
        Matcher escape = ESCAPE.matcher(problem);
        if (escape.matches()) {
            return fault(
                    "E0102",
                    at - 1,
                    at + 1,
                    "'\\" + escape.group("escape") + "' has no meaning inside double quotes",
                    "use single quotes, or write the backslash twice.");
        }
        if (problem.startsWith("found undefined alias")
                || (startsWith(context, '*') && problem.startsWith("unexpected character"))) {
            return fault(
                    "E0108",
                    context,
                    Tabs.lineEnd(text, context),
                    "'*' starts a reference, and no anchor of that name is defined",
                    "put quotes around a value that starts with '*'.");
        }
        if (problem.contains("cannot start any token") && at < text.length()) {
            return fault(
                    "E0102",
                    at,
                    at + 1,
                    "a value cannot start with '" + text.substring(at, at + 1) + "'",
                    "put quotes around the value.");
        }
        if (problem.startsWith("expected ',' or")) {
            return unclosedBracket(at, context);
        }
        if (problem.contains("another document")) {
            return fault(
                    "E0102", at, at + 3, "a second document starts here", "remove the line '---' and what follows it.");
        }
        return null;
    }

    private Fault unclosedBracket(int at, int open) {
        char bracket = open < text.length() ? text.charAt(open) : '[';
        if (Tabs.lineStart(text, at) == Tabs.lineStart(text, open) && at < Tabs.lineEnd(text, open)) {
            char closing = bracket == '{' ? '}' : ']';
            return fault("E0102", at, at + 1, "a comma or '" + closing + "' is missing before this place");
        }
        return fault("E0102", open, open + 1, "this '" + bracket + "' is not closed", "add the closing bracket.");
    }

    private Fault structure(String problem, int at, int context) {
        if (problem.startsWith("could not find expected ':'")) {
            return lineMistake(
                    context, "this line is neither a key with a value nor a list entry", "add a colon after the key.");
        }
        if (problem.startsWith("mapping values are not allowed")) {
            return unexpectedColon(at);
        }
        if (problem.contains("sequence entries are not allowed")) {
            return fault(
                    "E0102",
                    at,
                    at + 1,
                    "a list cannot start in this place",
                    "start the list in a new line below its key.");
        }
        if (problem.contains("expected <block end>") || problem.contains("<document start>")) {
            return lineMistake(
                    at,
                    "the indentation of this line fits no line above it",
                    "give lines that belong together the same number of leading spaces.");
        }
        return fault("E0102", at, Math.max(at + 1, at), "this is not valid YAML");
    }

    private Fault unexpectedColon(int colon) {
        int start = Tabs.lineStart(text, colon);
        int first = start + spaces(start);
        String before = text.substring(first, colon);
        if (before.contains(": ")) {
            int value = first + before.lastIndexOf(": ") + 2;
            return fault(
                    "E0102",
                    value,
                    Tabs.lineEnd(text, colon),
                    "a value that contains ': ' needs quotes",
                    "put quotes around the value.");
        }
        int previous = Tabs.lineStart(text, Math.max(0, start - 1));
        if (start > 0 && spaces(previous) == spaces(start) && lineProblem(previous) != null) {
            return lineMistake(previous, "this line is not a key with a value", "add a colon after the key.");
        }
        return fault(
                "E0102",
                first,
                colon,
                "this line is indented deeper than its place allows",
                "give lines that belong together the same number of leading spaces.");
    }

    /** The line of {@code at} has a mistake of its own, or else is what {@code otherwise} says. */
    private Fault lineMistake(int at, String otherwise, String hint) {
        int start = Tabs.lineStart(text, at);
        int first = start + spaces(start);
        int end = Math.max(first + 1, Tabs.lineEnd(text, at));
        Matcher glued = KEY_WITHOUT_SPACE.matcher(
                text.substring(first, Math.min(end, text.length())).stripTrailing());
        if (glued.matches()) {
            return fault(
                    "E0102",
                    first + glued.start("key"),
                    first + glued.end("key") + 1,
                    "a space is missing after the colon of '" + glued.group("key") + "'",
                    "write '" + glued.group("key") + ": ' and then the value.");
        }
        return fault("E0102", first, end, otherwise, hint);
    }

    private @Nullable String lineProblem(int lineStart) {
        String line = text.substring(lineStart, Tabs.lineEnd(text, lineStart)).strip();
        boolean mistake = KEY_WITHOUT_SPACE.matcher(line).matches()
                || KEY_WITHOUT_COLON.matcher(line).matches();
        return mistake ? line : null;
    }

    private int spaces(int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at - from;
    }

    private char lastBefore(int at) {
        for (int i = Math.min(at, text.length()) - 1; i >= 0; i--) {
            if (!Character.isWhitespace(text.charAt(i))) {
                return text.charAt(i);
            }
        }
        return '\0';
    }

    private boolean startsWith(int offset, char c) {
        return offset < text.length() && text.charAt(offset) == c;
    }

    private int offset(Mark mark) {
        return positions.offset(mark);
    }

    private Fault fault(String code, int from, int to, String message, String... hints) {
        int start = Math.max(0, Math.min(from, text.length()));
        Span span = positions.span(start, Math.max(start, Math.min(to, text.length())));
        return new Fault(code, span, "", message, List.of(hints));
    }
}
