package dev.gatehouse.route;

import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells the three forms of a request target apart and proves in one scan that an ordinary target needs no further
 * reading. Whatever the scan cannot prove is read carefully: canonical form and the other readings of the path.
 *
 * <p>A bypass needs two parsers that disagree: the gateway sees an open endpoint, the service a protected one. So the
 * readings that services are known to use are computed here, and {@link RouteTable} demands that all of them select
 * the same endpoint. Dot segments are refused in every spelling instead of resolved, because after them not even the
 * prefix of the path is certain.
 */
final class TargetParser {
    private static final byte PLAIN = 0;
    private static final byte SLASH = 1;
    private static final byte DOT = 2;
    private static final byte QUESTION = 3;
    private static final byte CAREFUL = 4;

    private static final byte[] KINDS = kinds();

    private TargetParser() {}

    private static byte[] kinds() {
        byte[] kinds = new byte[128];
        for (int c = 0; c < 128; c++) {
            boolean careful = c <= ' ' || c == 0x7f || c == '%' || c == ';' || c == '\\' || c == '#';
            kinds[c] = careful ? CAREFUL : PLAIN;
        }
        kinds['/'] = SLASH;
        kinds['.'] = DOT;
        kinds['?'] = QUESTION;
        return kinds;
    }

    static ParsedTarget parse(String raw, HttpMethod method) {
        if (raw.isEmpty()) {
            return new BadTarget("empty target");
        }
        if (raw.charAt(0) == '/') {
            return origin(raw, null);
        }
        if (raw.equals(RequestTarget.ASTERISK)) {
            return method.equals(HttpMethod.OPTIONS)
                    ? new RequestTarget(raw, 1, null, null)
                    : new BadTarget("asterisk form without OPTIONS");
        }
        return absolute(raw);
    }

    private static ParsedTarget origin(String text, @Nullable String authority) {
        int pathEnd = plainPathEnd(text);
        return pathEnd >= 0 && isPlainQuery(text, pathEnd)
                ? new RequestTarget(text, pathEnd, authority, null)
                : careful(text, authority);
    }

    /** Where the path ends, or -1 when it holds something that may have a second reading. */
    private static int plainPathEnd(String text) {
        boolean afterSlash = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            byte kind = c < 128 ? KINDS[c] : CAREFUL;
            if (kind == QUESTION) {
                return i;
            }
            if (kind == CAREFUL || (afterSlash && kind != PLAIN)) {
                return -1;
            }
            afterSlash = kind == SLASH;
        }
        return text.length();
    }

    private static boolean isPlainQuery(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '\\' || c == '#') {
                return false;
            }
        }
        return true;
    }

    private static ParsedTarget absolute(String raw) {
        int from =
                raw.regionMatches(true, 0, "http://", 0, 7) ? 7 : raw.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
        if (from < 0) {
            return new BadTarget("neither origin form nor absolute form");
        }
        int end = from;
        while (end < raw.length() && isAuthorityCharacter(raw.charAt(end))) {
            end++;
        }
        boolean ends = end == raw.length() || "/?#".indexOf(raw.charAt(end)) >= 0;
        if (end == from || !ends) {
            return new BadTarget("invalid authority");
        }
        String rest = raw.substring(end);
        return origin(rest.startsWith("/") ? rest : '/' + rest, raw.substring(from, end));
    }

    private static boolean isAuthorityCharacter(char c) {
        return c < 128 && (Character.isLetterOrDigit(c) || ".-_~:[]".indexOf(c) >= 0);
    }

    /** Reads a target that holds something special. */
    private static ParsedTarget careful(String text, @Nullable String authority) {
        int hash = text.indexOf('#');
        // Express Gateway drops a fragment; it is not part of a request target (RFC 9112 section 3.2.1).
        String whole = hash < 0 ? text : text.substring(0, hash);
        String bad = forbidden(whole);
        if (bad != null) {
            return new BadTarget(bad);
        }
        int question = whole.indexOf('?');
        int rawPathEnd = question < 0 ? whole.length() : question;
        String received = Escapes.decodeUnreserved(Escapes.encodeNonAscii(whole.substring(0, rawPathEnd)));
        if (received == null) {
            return new BadTarget("invalid percent-encoding");
        }
        if (hasDotSegment(received)) {
            return new BadTarget("dot segment");
        }
        String path = collapse(received);
        List<String> alternatives = alternatives(path);
        if (alternatives.stream().anyMatch(TargetParser::hasDotSegment)) {
            return new BadTarget("hidden dot segment");
        }
        String form = path + Escapes.encodeNonAscii(whole.substring(rawPathEnd));
        return new RequestTarget(
                form.equals(text) ? text : form, path.length(), authority, readings(received, path, alternatives));
    }

    private static @Nullable String forbidden(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == 0x7f || c > 0xff) {
                return "forbidden character";
            }
            if (c == '\\') {
                return "backslash";
            }
        }
        return null;
    }

    private static RequestTarget.@Nullable Readings readings(String received, String path, List<String> alternatives) {
        boolean sameSlashes = received.length() == path.length();
        boolean undecodable = Escapes.decode(path) == null;
        return sameSlashes && alternatives.isEmpty() && !undecodable
                ? null
                : new RequestTarget.Readings(sameSlashes ? null : received, alternatives, undecodable);
    }

    /** The path with every run of slashes replaced by one. */
    private static String collapse(String path) {
        if (!path.contains("//")) {
            return path;
        }
        StringBuilder out = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '/' || out.isEmpty() || out.charAt(out.length() - 1) != '/') {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static List<String> alternatives(String path) {
        if (path.indexOf('%') < 0 && path.indexOf(';') < 0) {
            return List.of();
        }
        List<String> found = new ArrayList<>();
        String decoded = collapse(Escapes.decodeVisible(path));
        add(found, path, decoded);
        // Servlet containers take parameters out of each segment before they look at the path.
        String bare = decoded.indexOf(';') < 0 ? decoded : collapse(withoutParameters(decoded));
        add(found, path, bare);
        // Browsers' URL parsers drop tabs and line ends, code in C stops at NUL.
        String clean = collapse(Escapes.withoutControls(bare));
        add(found, path, clean);
        int nul = bare.indexOf("%00");
        if (nul > 0) {
            add(found, path, collapse(Escapes.withoutControls(bare.substring(0, nul))));
        }
        return found;
    }

    private static void add(List<String> found, String path, String reading) {
        if (!reading.equals(path) && !found.contains(reading)) {
            found.add(reading);
        }
    }

    private static String withoutParameters(String path) {
        StringBuilder out = new StringBuilder(path.length());
        boolean parameter = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            parameter = c == ';' || (parameter && c != '/');
            if (!parameter) {
                out.append(c);
            }
        }
        return out.toString();
    }

    /**
     * Whether a segment is {@code .} or {@code ..}, also when an encoded slash or backslash ends it or a parameter
     * follows it. Expects {@code %2e} decoded.
     */
    private static boolean hasDotSegment(String path) {
        int dots = 0; // number of dots since the segment began; -1 once it holds anything else
        for (int i = 0; i < path.length(); i++) {
            char c = Escapes.at(path, i);
            if (c != path.charAt(i)) {
                i += 2;
            }
            if (c == '/' || c == '\\' || c == ';') {
                if (dots == 1 || dots == 2) {
                    return true;
                }
                dots = c == ';' ? -1 : 0;
            } else {
                dots = c == '.' && dots >= 0 ? dots + 1 : -1;
            }
        }
        return dots == 1 || dots == 2;
    }
}
