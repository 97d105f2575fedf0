package dev.gatehouse.policies.conditions;

import java.util.ArrayList;
import java.util.List;

/** Reads one glob without braces into its parts. */
final class GlobParser {
    private static final int DEEPEST = 16;

    private final String pattern;
    private int at;

    GlobParser(String pattern) {
        this.pattern = pattern;
    }

    /** The parts in order. */
    List<GlobPart> parse() {
        List<GlobPart> parts = new ArrayList<>();
        while (at < pattern.length()) {
            parts.add(part(0));
        }
        return List.copyOf(parts);
    }

    private GlobPart part(int depth) {
        char c = pattern.charAt(at);
        if ("?*+@!".indexOf(c) >= 0 && depth < DEEPEST && pattern.startsWith("(", at + 1) && closing(at + 1) > 0) {
            return group(depth);
        }
        at++;
        return switch (c) {
            case '*' -> run();
            case '?' -> new GlobPart.One("", true, true);
            case '[' -> set();
            case '\\' -> literal(at < pattern.length() ? pattern.charAt(at++) : '\\');
            default -> literal(c);
        };
    }

    private GlobPart run() {
        while (pattern.startsWith("*", at) && !pattern.startsWith("*(", at)) {
            at++;
        }
        return new GlobPart.Run();
    }

    private static GlobPart literal(char c) {
        return new GlobPart.One(String.valueOf(new char[] {c, c}), false, false);
    }

    private GlobPart group(int depth) {
        char mark = pattern.charAt(at);
        at += 2;
        List<List<GlobPart>> alternatives = new ArrayList<>();
        List<GlobPart> current = new ArrayList<>();
        while (pattern.charAt(at) != ')') {
            if (pattern.charAt(at) == '|') {
                alternatives.add(List.copyOf(current));
                current.clear();
                at++;
            } else {
                current.add(part(depth + 1));
            }
        }
        at++;
        alternatives.add(List.copyOf(current));
        return new GlobPart.Group(mark, List.copyOf(alternatives));
    }

    /** A class of characters; a bracket that is never closed stands for itself. */
    private GlobPart set() {
        int close = pattern.indexOf(']', Math.min(at + 1, pattern.length()));
        boolean excluded = pattern.startsWith("!", at) || pattern.startsWith("^", at);
        int from = excluded ? at + 1 : at;
        close = close == from ? pattern.indexOf(']', close + 1) : close;
        if (close < 0) {
            return literal('[');
        }
        StringBuilder pairs = new StringBuilder();
        for (int i = from; i < close; i++) {
            char first = pattern.charAt(i) == '\\' && i + 1 < close ? pattern.charAt(++i) : pattern.charAt(i);
            boolean isRange = i + 2 < close && pattern.charAt(i + 1) == '-';
            pairs.append(first).append(isRange ? pattern.charAt(i + 2) : first);
            i += isRange ? 2 : 0;
        }
        at = close + 1;
        return new GlobPart.One(pairs.toString(), excluded, true);
    }

    private int closing(int open) {
        int depth = 0;
        for (int i = open; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '[' && pattern.indexOf(']', i + 2) > 0) {
                i = pattern.indexOf(']', i + 2);
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return i;
            }
        }
        return -1;
    }
}
