package dev.gatehouse.policies.conditions;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces {@code {a,b}} and {@code {1..3}} of a glob by the patterns that they stand for. */
final class GlobBraces {
    private static final int MOST_PATTERNS = 1_000;
    private static final Pattern RANGE = Pattern.compile("(-?\\d{1,6})\\.\\.(-?\\d{1,6})");

    private GlobBraces() {}

    /**
     * All patterns; the pattern itself when it has no braces with a comma or a range.
     *
     * @throws IllegalArgumentException when there are too many
     */
    static List<String> expand(String pattern) {
        List<String> done = new ArrayList<>();
        expand("", pattern, done);
        return done;
    }

    private static void expand(String before, String pattern, List<String> done) {
        int open = pattern.indexOf('{');
        int close = open < 0 ? -1 : closing(pattern, open);
        if (close < 0) {
            if (done.size() == MOST_PATTERNS) {
                throw new IllegalArgumentException("its braces stand for more than " + MOST_PATTERNS + " patterns");
            }
            done.add(before + pattern);
            return;
        }
        String head = before + pattern.substring(0, open);
        String tail = pattern.substring(close + 1);
        List<String> choices = choices(pattern.substring(open + 1, close));
        if (choices.isEmpty()) {
            expand(head + "{", pattern.substring(open + 1), done);
            return;
        }
        for (String choice : choices) {
            expand(head, choice + tail, done);
        }
    }

    private static int closing(String pattern, int open) {
        int depth = 0;
        for (int i = open; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '{') {
                depth++;
            } else if (c == '}' && --depth == 0) {
                return i;
            }
        }
        return -1;
    }

    private static List<String> choices(String body) {
        Matcher range = RANGE.matcher(body);
        if (range.matches()) {
            return numbers(Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2)));
        }
        List<String> choices = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '{') {
                depth++;
            } else if (c == '}') {
                depth--;
            } else if (c == ',' && depth == 0) {
                choices.add(body.substring(from, i));
                from = i + 1;
            }
        }
        if (!choices.isEmpty()) {
            choices.add(body.substring(from));
        }
        return choices;
    }

    private static List<String> numbers(int from, int to) {
        if (Math.abs((long) to - from) >= MOST_PATTERNS) {
            throw new IllegalArgumentException("its braces stand for more than " + MOST_PATTERNS + " patterns");
        }
        List<String> numbers = new ArrayList<>();
        int step = from <= to ? 1 : -1;
        for (int n = from; n != to + step; n += step) {
            numbers.add(Integer.toString(n));
        }
        return numbers;
    }
}
