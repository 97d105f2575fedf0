package dev.gatehouse.policies.conditions;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A glob in the dialect of minimatch 3: {@code *}, {@code ?}, {@code [a-z]}, {@code [!a]}, {@code {a,b}},
 * {@code **}, {@code ?(x) *(x) +(x) @(x|y) !(x)}, a leading {@code !} that negates, a leading {@code #} that makes a
 * comment which matches nothing. Immutable.
 *
 * <p>Matching carries the set of positions that can be reached, part by part, instead of trying alternatives one after
 * the other: its time grows with pattern times text, whatever a client sends. Rejected: translation to
 * {@code java.util.regex}, which backtracks.
 */
final class Glob {
    private static final int LONGEST_PATTERN = 1_000;
    private static final int LONGEST_TEXT = 1_000;

    private final List<List<GlobPart>> alternatives;
    private final boolean negated;
    private final boolean comment;

    private Glob(List<List<GlobPart>> alternatives, boolean negated, boolean comment) {
        this.alternatives = alternatives;
        this.negated = negated;
        this.comment = comment;
    }

    /**
     * Compiles {@code pattern}.
     *
     * @throws IllegalArgumentException when it is too long, or its braces stand for too many patterns
     */
    static Glob compile(String pattern) {
        if (pattern.length() > LONGEST_PATTERN) {
            throw new IllegalArgumentException("it is longer than " + LONGEST_PATTERN + " characters");
        }
        int start = 0;
        while (pattern.startsWith("!", start) && !pattern.startsWith("!(", start)) {
            start++;
        }
        List<List<GlobPart>> alternatives = new ArrayList<>();
        for (String alternative : GlobBraces.expand(pattern.substring(start))) {
            alternatives.add(new GlobParser(alternative).parse());
        }
        return new Glob(alternatives, start % 2 == 1, pattern.startsWith("#"));
    }

    /** Whether the glob matches all of {@code text}; a text of more than 1000 characters matches nothing. */
    boolean matches(String text) {
        if (comment || text.length() > LONGEST_TEXT) {
            return false;
        }
        for (List<GlobPart> parts : alternatives) {
            if (matches(parts, text)) {
                return !negated;
            }
        }
        return negated;
    }

    private static boolean matches(List<GlobPart> parts, String text) {
        if (parts.isEmpty() || text.isEmpty()) {
            return parts.isEmpty() && text.isEmpty();
        }
        // A wildcard never stands for a dot at the beginning.
        if (text.charAt(0) == '.' && parts.get(0).isMagic()) {
            return false;
        }
        BitSet start = new BitSet();
        start.set(0);
        return GlobPart.reach(parts, 0, text, start).get(text.length());
    }
}
