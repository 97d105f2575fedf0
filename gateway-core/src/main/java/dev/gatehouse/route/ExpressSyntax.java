package dev.gatehouse.route;

import dev.gatehouse.expression.JsPattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Translates the path syntax of Express 4 (path-to-regexp 0.1.13) into JavaScript regular expressions, with its
 * peculiarities: quantifiers apply to the character before them, a group directly behind a slash does not capture,
 * unnamed captures are numbered from 0 beside the named ones.
 */
final class ExpressSyntax {
    private static final String SPECIAL = "\\:*()?+[]{}^$|";
    private static final Pattern TOKEN = Pattern.compile("\\\\.|(/)?(\\.)?:(\\w+)(\\(.*?\\))?(\\*)?(\\?)?|[.*]|/\\(");
    private static final Pattern GROUP = Pattern.compile("\\\\.|\\((?:\\?<([A-Za-z_$][\\w$]*)>)?(?!\\?)");
    private static final Pattern STAR_IN_GROUP = Pattern.compile("\\\\.|\\*");

    private ExpressSyntax() {}

    /** The pattern as requests look after normalisation: unreserved characters decoded, others as on the wire. */
    static String normalise(String text) {
        String wire = Escapes.encodeForWire(text);
        String decoded = Escapes.decodeUnreserved(wire);
        // A percent sign that begins no escape can match no request: those are refused before.
        return decoded == null ? wire : decoded;
    }

    /** Index of the first character that is not literal; the length when all are. */
    private static int firstSpecial(String wire) {
        for (int i = 0; i < wire.length(); i++) {
            if (SPECIAL.indexOf(wire.charAt(i)) >= 0) {
                return i;
            }
        }
        return wire.length();
    }

    /** Whether nothing in {@code wire} has a meaning of its own. */
    static boolean isLiteral(String wire) {
        return firstSpecial(wire) == wire.length();
    }

    /** Whether only whole {@code :name} segments are special in {@code wire}, a final star or {@code ?} being cut off. */
    static boolean hasOnlySegments(String wire, boolean star, boolean optional) {
        if (!wire.startsWith("/")) {
            return false;
        }
        String[] segments = wire.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            boolean named = segments[i].matches(":\\w+");
            if (named ? last && star : !isLiteral(segments[i])) {
                return false;
            }
            if (!named && last && optional) {
                return false;
            }
        }
        return true;
    }

    static PathPattern regex(String text, String wire) {
        Translation translation = new Translation(wire);
        return new PathPattern.Regex(text, literalPrefix(wire), translation.compile());
    }

    static PathPattern search(String source) {
        List<String> names = new ArrayList<>();
        int unnamed = 0;
        Matcher group = GROUP.matcher(source);
        while (group.find()) {
            if (group.group().charAt(0) != '\\') {
                names.add(group.group(1) != null ? group.group(1) : String.valueOf(unnamed++));
            }
        }
        String prefix =
                source.startsWith("^") ? literalPrefix(source.substring(1).replace("\\/", "/")) : "";
        int any = prefix.indexOf('.');
        prefix = any < 0 ? prefix : prefix.substring(0, Math.max(0, any - 1));
        return new PathPattern.Regex(null, prefix, new Compiled(source, JsPattern.compile(source, ""), names, false));
    }

    /** The literal text before anything special, as far as it is certain. */
    private static String literalPrefix(String wire) {
        if (!barsAreGrouped(wire)) {
            return "";
        }
        int end = firstSpecial(wire);
        if (end < wire.length() && end > 0 && "?*+{".indexOf(wire.charAt(end)) >= 0) {
            // A quantifier takes the character before it; a star of Express does not, but one less does no harm.
            end--;
        } else if (end < wire.length() && end > 0 && wire.charAt(end) == ':') {
            // An optional parameter takes its slash or dot with it.
            end--;
        }
        return wire.substring(0, end).toLowerCase(Locale.ROOT);
    }

    /** Whether every bar certainly stands inside parentheses. */
    private static boolean barsAreGrouped(String wire) {
        if (wire.indexOf('|') < 0) {
            return true;
        }
        int depth = 0;
        for (int i = 0; i < wire.length(); i++) {
            char c = wire.charAt(i);
            if (c == '[' || (c == '|' && depth <= 0)) {
                return false;
            }
            i += c == '\\' ? 1 : 0;
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        }
        return true;
    }

    /**
     * A compiled regular expression and the names of its groups.
     *
     * @param source in JavaScript syntax
     * @param names of the groups, in order
     * @param wrapped whether group 1 is the part before the first capture and has no name
     */
    record Compiled(String source, JsPattern pattern, List<String> names, boolean wrapped) {
        Compiled {
            names = List.copyOf(names);
        }

        PathPattern.Captures captures(String path) {
            List<@Nullable String> groups = pattern.groups(path);
            if (groups == null) {
                return PathPattern.Captures.NONE;
            }
            Map<String, String> found = new LinkedHashMap<>();
            int first = wrapped ? 2 : 1;
            for (int i = 0; i < names.size() && first + i < groups.size(); i++) {
                String value = groups.get(first + i);
                if (value != null) {
                    found.put(names.get(i), value);
                }
            }
            String prefix = wrapped ? groups.get(1) : null;
            return new PathPattern.Captures(found, prefix == null ? 0 : prefix.length());
        }
    }

    /** One run over a pattern. Follows the token loop of the original, because its oddities are the contract. */
    private static final class Translation {
        private final String wire;
        private final StringBuilder out = new StringBuilder();
        private final List<String> named = new ArrayList<>();
        private final List<Integer> offsets = new ArrayList<>();
        private String between = ""; // what separates the next parameter from the one before, within a segment
        private int read; // behind the last token that the separator already knows
        private int prefixEnd = -1; // length of the output when the first capture begins

        Translation(String wire) {
            this.wire = wire;
        }

        Compiled compile() {
            Matcher token = TOKEN.matcher(wire);
            int copied = 0;
            while (token.find()) {
                out.append(wire, copied, token.start());
                translate(token);
                copied = token.end();
            }
            out.append(wire, copied, wire.length());
            if (out.charAt(out.length() - 1) == '/') {
                out.setLength(out.length() - 1);
            }
            List<String> names = names();
            int prefix = Math.min(prefixEnd < 0 ? out.length() : prefixEnd, out.length());
            // A bar outside of parentheses, or half a group, must not end up inside the group of the prefix.
            boolean wrapped = barsAreGrouped(wire) && isBalanced(out.substring(0, prefix));
            String source =
                    wrapped ? "^(" + out.substring(0, prefix) + ")" + out.substring(prefix) + "/?$" : "^" + out + "/?$";
            return new Compiled(source, JsPattern.compile(source, "i"), names, wrapped);
        }

        private static boolean isBalanced(String part) {
            return part.chars().filter(c -> c == '(').count()
                    == part.chars().filter(c -> c == ')').count();
        }

        private void translate(Matcher token) {
            String match = token.group();
            if (match.charAt(0) == '\\' || match.equals(".")) {
                String literal = match.equals(".") ? "\\." : match;
                between += literal;
                read += match.length();
                out.append(literal);
                return;
            }
            boolean fresh = token.group(1) != null || token.group(2) != null;
            between = fresh ? "" : between + wire.substring(Math.min(read, token.start()), token.start());
            read = token.end();
            if (match.equals("/(")) {
                between += "/";
                out.append("/(?:");
            } else if (match.equals("*")) {
                startCapture();
                between = "";
                out.append("(.*)");
            } else {
                startCapture();
                parameter(token);
                between = "";
            }
        }

        private void startCapture() {
            prefixEnd = prefixEnd < 0 ? out.length() : prefixEnd;
        }

        private void parameter(Matcher token) {
            String dot = token.group(2) == null ? "" : "\\.";
            String slash = token.group(1) == null ? "" : "/";
            named.add(token.group(3));
            offsets.add(out.length());
            out.append("(?:").append(dot).append(slash).append(capture(token.group(4), dot));
            if (token.group(5) != null) {
                out.append("((?:[/").append(dot).append("].+?)?)");
            }
            out.append(')').append(token.group(6) == null ? "" : "?");
        }

        private String capture(@Nullable String written, String dot) {
            if (written == null) {
                return between.isEmpty() ? "([^/" + dot + "]+?)" : "((?:(?!/|" + between + ").)+?)";
            }
            Matcher star = STAR_IN_GROUP.matcher(written);
            return star.find() && star.group().equals("*")
                    ? written.substring(0, star.start()) + "(.*)" + written.substring(star.end())
                    : written;
        }

        /** Names of all groups in order. */
        private List<String> names() {
            List<String> names = new ArrayList<>();
            int next = 0;
            int unnamed = 0;
            Matcher group = GROUP.matcher(out);
            while (group.find()) {
                if (group.group().charAt(0) == '\\') {
                    continue;
                }
                boolean isParameter = next < named.size() && offsets.get(next) <= group.start();
                names.add(isParameter ? named.get(next++) : String.valueOf(unnamed++));
            }
            return names;
        }
    }
}
