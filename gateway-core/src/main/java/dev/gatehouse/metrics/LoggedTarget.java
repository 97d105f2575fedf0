package dev.gatehouse.metrics;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Locale;
import java.util.Set;

/** The part of a request-target that may stand in a log. */
final class LoggedTarget {
    /** Longest path or other text of a client in one line; the rest tells nobody anything. */
    static final int MAX_CHARS = 2048;

    private static final String MASK = "***";
    private static final Set<String> SECRET_KEYS = Set.of(
            "access_token",
            "token",
            "id_token",
            "refresh_token",
            "code",
            "client_secret",
            "client_assertion",
            "assertion",
            "password",
            "secret",
            "api_key",
            "apikey",
            "key",
            "signature",
            "sig",
            "jwt");

    private LoggedTarget() {}

    /** The path, and with {@code query} the query with secret values masked. */
    static String of(String target, boolean query) {
        int mark = target.indexOf('?');
        if (mark < 0) {
            return cut(target);
        }
        return cut(query ? target.substring(0, mark) + masked(target.substring(mark)) : target.substring(0, mark));
    }

    static String cut(String text) {
        return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS) + "...";
    }

    private static String masked(String query) {
        StringBuilder out = new StringBuilder(query.length());
        int at = 0;
        while (at < query.length()) {
            // The separator itself ('?', '&' or ';'): servers differ on ';', so both readings are masked.
            out.append(query.charAt(at));
            int end = at + 1;
            while (end < query.length() && query.charAt(end) != '&' && query.charAt(end) != ';') {
                end++;
            }
            appendPair(out, query.substring(at + 1, end));
            at = end;
        }
        return out.toString();
    }

    private static void appendPair(StringBuilder out, String pair) {
        int equals = pair.indexOf('=');
        if (equals < 0 || !(isSecret(pair.substring(0, equals)) || isSignedToken(pair, equals + 1))) {
            out.append(pair);
        } else {
            out.append(pair, 0, equals + 1).append(MASK);
        }
    }

    /** A JWS in any parameter: policies may be told to look for tokens under other names. */
    private static boolean isSignedToken(String pair, int from) {
        int dot = pair.indexOf('.', from);
        // A header begins with {" and so its Base64 text with these letters, unless it is spaced in an odd way.
        return pair.startsWith("ey", from) && dot > 0 && pair.indexOf('.', dot + 1) > 0;
    }

    private static boolean isSecret(String key) {
        try {
            // A key may hide behind percent-encoding: access%5Ftoken.
            String name = QueryStringDecoder.decodeComponent(key).toLowerCase(Locale.ROOT);
            return SECRET_KEYS.contains(name) || name.endsWith("token") || name.endsWith("secret");
        } catch (IllegalArgumentException e) {
            return true;
        }
    }
}
