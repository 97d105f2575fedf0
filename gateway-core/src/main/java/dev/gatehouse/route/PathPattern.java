package dev.gatehouse.route;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One path pattern of an apiEndpoint or a condition, compiled. Immutable; safe on any thread.
 *
 * <p>The patterns that people write, literals, {@code :name} segments and stars, are matched by comparing characters: no allocation, linear time. Everything else of the Express 4 syntax, and {@code pathRegex}, becomes a
 * regular expression. Both give the same results; a test compares them.
 */
public sealed interface PathPattern
        permits PathPattern.Literal, PathPattern.Prefix, PathPattern.Segments, PathPattern.Regex, StarPath {
    /** Compiles an Express 4 path (path-to-regexp 0.1, case-insensitive, not strict). */
    static PathPattern express(String text) {
        String wire = ExpressSyntax.normalise(text);
        PathPattern simple = simple(text, wire);
        return simple != null ? simple : ExpressSyntax.regex(text, wire);
    }

    /** Compiles a {@code pathRegex}: case-sensitive, found anywhere in the path. */
    static PathPattern search(String source) {
        return ExpressSyntax.search(source);
    }

    /** The pattern as written; null for a {@code pathRegex}. */
    @Nullable
    String text();

    /** Lower-case text with which every matching path begins; may be empty. */
    String literal();

    /** Whether the first {@code end} characters of {@code path} match. */
    boolean matches(String path, int end);

    /** What {@code path} fills in, not decoded; empty when it does not match. */
    Captures captures(String path);

    /** Whether every path that {@code other} matches is certainly matched by this pattern, too. */
    default boolean covers(PathPattern other) {
        String own = text();
        return own != null && own.equalsIgnoreCase(other.text());
    }

    /**
     * Raw captures.
     *
     * @param parameters by name, unnamed ones by number
     * @param prefix number of characters before the first capture that the pattern's fixed part matched
     */
    record Captures(Map<String, String> parameters, int prefix) {
        static final Captures NONE = new Captures(Map.of(), 0);
    }

    private static @Nullable PathPattern simple(String text, String wire) {
        boolean star = wire.endsWith("*");
        boolean optional = wire.endsWith("?");
        String rest = star || optional ? wire.substring(0, wire.length() - 1) : wire;
        if (!optional && rest.indexOf('*') >= 0 && ExpressSyntax.isLiteral(rest.replace("*", ""))) {
            return StarPath.of(text, wire);
        }
        if (!ExpressSyntax.isLiteral(rest)) {
            return ExpressSyntax.hasOnlySegments(rest, star, optional) ? segments(text, rest, star, optional) : null;
        }
        if (optional) {
            return null;
        }
        String lower = rest.toLowerCase(Locale.ROOT);
        return star ? new Prefix(text, lower) : new Literal(text, Segments.withoutLastSlash(lower));
    }

    private static PathPattern segments(String text, String wire, boolean star, boolean optional) {
        int tail = star ? wire.lastIndexOf('/') : wire.length();
        String plain = star ? wire.substring(0, tail) : Segments.withoutLastSlash(wire);
        List<String> segments = new ArrayList<>(List.of(plain.substring(1).split("/", -1)));
        String last = optional ? segments.remove(segments.size() - 1) : null;
        return new Segments(text, segments, last, star ? wire.substring(tail).toLowerCase(Locale.ROOT) : null);
    }

    /**
     * A path without any capture.
     *
     * @param core lower case, without one final slash
     */
    record Literal(String text, String core) implements PathPattern {
        @Override
        public String literal() {
            return core.isEmpty() ? "/" : core;
        }

        @Override
        public boolean matches(String path, int end) {
            int length = core.length();
            return (end == length || (end == length + 1 && path.charAt(length) == '/'))
                    && path.regionMatches(true, 0, core, 0, length);
        }

        @Override
        public Captures captures(String path) {
            return new Captures(Map.of(), Math.min(core.length(), path.length()));
        }

        @Override
        public boolean covers(PathPattern other) {
            return other instanceof Literal literal && literal.core.equals(core);
        }
    }

    /**
     * A literal and a final star.
     *
     * @param literal lower case
     */
    record Prefix(String text, String literal) implements PathPattern {
        @Override
        public boolean matches(String path, int end) {
            return end >= literal.length() && path.regionMatches(true, 0, literal, 0, literal.length());
        }

        @Override
        public Captures captures(String path) {
            return matches(path, path.length())
                    ? new Captures(Map.of("0", path.substring(literal.length())), literal.length())
                    : Captures.NONE;
        }

        @Override
        public boolean covers(PathPattern other) {
            return other.literal().startsWith(literal);
        }
    }

    /** Anything that needs a regular expression. */
    record Regex(@Nullable String text, String literal, ExpressSyntax.Compiled compiled) implements PathPattern {
        @Override
        public boolean matches(String path, int end) {
            return compiled.pattern().find(end == path.length() ? path : path.substring(0, end));
        }

        @Override
        public Captures captures(String path) {
            return compiled.captures(path);
        }

        @Override
        public boolean covers(PathPattern other) {
            return other instanceof Regex regex && regex.compiled.source().equals(compiled.source());
        }
    }

    /** Literal and {@code :name} segments, then perhaps an optional parameter or a literal with a star. */
    final class Segments implements PathPattern {
        private final String text;
        private final String[] segments;
        private final boolean[] parameter;
        private final @Nullable String optional;
        private final @Nullable String tail;
        private final String literal;

        Segments(String text, List<String> segments, @Nullable String optional, @Nullable String tail) {
            this.text = text;
            this.segments = new String[segments.size()];
            this.parameter = new boolean[segments.size()];
            for (int i = 0; i < this.segments.length; i++) {
                String segment = segments.get(i);
                parameter[i] = segment.startsWith(":");
                this.segments[i] = parameter[i] ? segment.substring(1) : segment.toLowerCase(Locale.ROOT);
            }
            this.optional = optional == null ? null : optional.substring(1);
            this.tail = tail;
            this.literal = literalOf(this.segments, parameter);
        }

        private static String literalOf(String[] segments, boolean[] parameter) {
            StringBuilder out = new StringBuilder();
            for (int i = 0; i < segments.length && !parameter[i]; i++) {
                out.append('/').append(segments[i]);
            }
            return out.toString();
        }

        static String withoutLastSlash(String path) {
            return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        }

        @Override
        public String text() {
            return text;
        }

        @Override
        public String literal() {
            return literal;
        }

        @Override
        public boolean matches(String path, int end) {
            int at = 0;
            for (int i = 0; i < segments.length; i++) {
                if (at >= end || path.charAt(at) != '/') {
                    return false;
                }
                int next = segmentEnd(path, at + 1, end);
                if (parameter[i] ? next == at + 1 : !isSegment(path, at + 1, next, segments[i])) {
                    return false;
                }
                at = next;
            }
            if (tail != null) {
                return at + tail.length() <= end && path.regionMatches(true, at, tail, 0, tail.length());
            }
            if (ends(path, at, end)) {
                return true;
            }
            int next = optional == null || path.charAt(at) != '/' ? -1 : segmentEnd(path, at + 1, end);
            return next > at + 1 && ends(path, next, end);
        }

        /** Nothing may follow but one slash. */
        private static boolean ends(String path, int at, int end) {
            return at == end || (at + 1 == end && path.charAt(at) == '/');
        }

        private static boolean isSegment(String path, int from, int to, String segment) {
            return to - from == segment.length() && path.regionMatches(true, from, segment, 0, segment.length());
        }

        private static int segmentEnd(String path, int from, int end) {
            int slash = path.indexOf('/', from);
            return slash < 0 || slash > end ? end : slash;
        }

        @Override
        public Captures captures(String path) {
            int end = path.length();
            if (!matches(path, end)) {
                return Captures.NONE;
            }
            Map<String, String> found = new LinkedHashMap<>();
            int at = 0;
            for (int i = 0; i < segments.length; i++) {
                int next = segmentEnd(path, at + 1, end);
                if (parameter[i]) {
                    found.put(segments[i], path.substring(at + 1, next));
                }
                at = next;
            }
            if (tail != null) {
                found.put("0", path.substring(at + tail.length()));
            } else if (optional != null && at + 1 < end) {
                found.put(optional, path.substring(at + 1, segmentEnd(path, at + 1, end)));
            }
            return new Captures(found, Math.min(literal.length(), end));
        }
    }
}
