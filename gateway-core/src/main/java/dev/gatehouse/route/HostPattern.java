package dev.gatehouse.route;

import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.expression.JsPattern;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The host condition of a group of apiEndpoints. Immutable; safe on any thread. Compares host names without port,
 * ignoring case.
 */
public sealed interface HostPattern permits HostPattern.Any, HostPattern.Glob, HostPattern.Regex {
    /**
     * The hosts of an apiEndpoint.
     *
     * @throws IllegalArgumentException when its {@code hostRegex} is not a valid pattern
     */
    static HostPattern of(ApiEndpointConfig entry) {
        String regex = entry.hostRegex();
        return regex == null ? of(entry.host()) : regex(regex);
    }

    /** Compiles {@code host}: {@code *} alone is every host, elsewhere it stands for one or more characters but a dot. */
    static HostPattern of(String host) {
        return host.equals("*") ? Any.HOST : new Glob(host.toLowerCase(Locale.ROOT));
    }

    /**
     * Compiles {@code hostRegex}, which has to match the whole name.
     *
     * @throws IllegalArgumentException when it is not a valid pattern
     */
    static HostPattern regex(String source) {
        // Express Gateway only glues ^ and $ to the text, which leaves the outer branches of a|b|c open at one end.
        return new Regex(source, JsPattern.compile("^(?:" + source + ")$", "i"));
    }

    /**
     * Number of characters of a Host field that are the name: without port and without one final dot, an IPv6 literal
     * with its brackets. 0 when there is no name.
     */
    static int nameLength(@Nullable String field) {
        if (field == null || field.isEmpty()) {
            return 0;
        }
        int from = field.charAt(0) == '[' ? field.indexOf(']') + 1 : 0;
        int colon = field.indexOf(':', from);
        int end = colon < 0 ? field.length() : colon;
        // The root dot names the same host (RFC 3986 section 3.2.2).
        return end > 1 && field.charAt(end - 1) == '.' ? end - 1 : end;
    }

    /** Whether two authorities name the same host and port, a default port being no difference. */
    static boolean isSameAuthority(String first, String second) {
        return withoutDefaultPort(first).equalsIgnoreCase(withoutDefaultPort(second));
    }

    private static String withoutDefaultPort(String authority) {
        return authority.endsWith(":80") || authority.endsWith(":443")
                ? authority.substring(0, authority.lastIndexOf(':'))
                : authority;
    }

    /** Lower-case text with which every matching name ends; may be empty. */
    String literalEnd();

    /** Whether the first {@code length} characters of {@code field} match; a length of 0 means that there is no name. */
    boolean matches(@Nullable String field, int length);

    /** What the wildcards or groups matched; empty when the name does not match. */
    List<String> captures(String name);

    /** Whether some name may match both patterns; true when in doubt. */
    default boolean overlaps(HostPattern other) {
        return true;
    }

    /** Whether every name that {@code other} matches is certainly matched by this pattern, too. */
    default boolean covers(HostPattern other) {
        return equals(other);
    }

    /** Every request, also one without a Host field. */
    enum Any implements HostPattern {
        HOST;

        @Override
        public String literalEnd() {
            return "";
        }

        @Override
        public boolean matches(@Nullable String field, int length) {
            return true;
        }

        @Override
        public List<String> captures(String name) {
            return List.of();
        }

        @Override
        public boolean covers(HostPattern other) {
            return true;
        }
    }

    /**
     * A name with any number of stars, none included.
     *
     * <p>Matched from the right, each star taking as little as possible. Because a star never crosses a dot, this
     * finds a match if there is one, in linear time for each star, and the stars on the left get as much as a greedy
     * regular expression would give them.
     *
     * @param pattern lower case
     */
    record Glob(String pattern) implements HostPattern {
        @Override
        public String literalEnd() {
            return pattern.substring(pattern.lastIndexOf('*') + 1);
        }

        @Override
        public boolean matches(@Nullable String field, int length) {
            return field != null && length > 0 && match(field, length, null);
        }

        @Override
        public List<String> captures(String name) {
            List<String> found = new ArrayList<>();
            if (!match(name, name.length(), found)) {
                return List.of();
            }
            Collections.reverse(found);
            return List.copyOf(found);
        }

        @Override
        public boolean overlaps(HostPattern other) {
            return !(other instanceof Glob glob)
                    || covers(glob)
                    || glob.covers(this)
                    || (pattern.indexOf('*') >= 0 && glob.pattern.indexOf('*') >= 0);
        }

        @Override
        public boolean covers(HostPattern other) {
            return other instanceof Glob glob
                    && (glob.pattern.equals(pattern)
                            || (glob.pattern.indexOf('*') < 0 && matches(glob.pattern, glob.pattern.length())));
        }

        private boolean match(String name, int length, @Nullable List<String> found) {
            int at = length; // everything of the name behind it is matched
            int p = pattern.length();
            int starP = -1; // the star that may still grow, and where it ends in the name
            int starEnd = 0;
            int starFrom = 0;
            while (at > 0 || p > 0) {
                char wanted = p > 0 ? pattern.charAt(p - 1) : 0;
                if (wanted == '*' && at > 0 && name.charAt(at - 1) != '.') {
                    close(name, starP, starFrom, starEnd, found);
                    starP = --p;
                    starEnd = at;
                    starFrom = --at;
                } else if (wanted != '*' && p > 0 && at > 0 && lower(name.charAt(at - 1)) == wanted) {
                    p--;
                    at--;
                } else if (starP >= 0 && starFrom > 0 && name.charAt(starFrom - 1) != '.') {
                    p = starP;
                    at = --starFrom;
                } else {
                    return false;
                }
            }
            close(name, starP, starFrom, starEnd, found);
            return true;
        }

        private static void close(String name, int star, int from, int to, @Nullable List<String> found) {
            if (found != null && star >= 0) {
                found.add(name.substring(from, to));
            }
        }

        private static char lower(char c) {
            return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
        }
    }

    /** A {@code hostRegex}. */
    record Regex(String source, JsPattern pattern) implements HostPattern {
        @Override
        public String literalEnd() {
            return "";
        }

        @Override
        public boolean matches(@Nullable String field, int length) {
            return field != null
                    && length > 0
                    && pattern.find(length == field.length() ? field : field.substring(0, length));
        }

        @Override
        public List<String> captures(String name) {
            List<@Nullable String> groups = pattern.groups(name);
            List<String> found = new ArrayList<>();
            for (int i = 1; groups != null && i < groups.size(); i++) {
                String group = groups.get(i);
                found.add(group == null ? "" : group);
            }
            return List.copyOf(found);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Regex regex && regex.source.equals(source);
        }

        @Override
        public int hashCode() {
            return source.hashCode();
        }
    }
}
