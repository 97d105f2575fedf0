package dev.gatehouse.policies.auth;

import com.google.re2j.Pattern;
import dev.gatehouse.policies.auth.BearerToken.Place;

/** Which texts of visible ASCII can be a token. Pure; takes time linear in the length of the token. */
@FunctionalInterface
public interface TokenFormat {
    /**
     * Every visible character, with one exception: in the {@code Authorization} header {@code =} stands for padding at
     * the end and nothing else (RFC 6750 section 2.1), so that {@code a=b} is no token there.
     */
    TokenFormat VISIBLE = (text, start, end, place) -> place != Place.HEADER || padding(text, start, end) == end;

    /** The grammar of RFC 6750 section 2.1. */
    TokenFormat B64TOKEN = (text, start, end, place) -> {
        int i = start;
        while (i < end && isB64(text.charAt(i))) {
            i++;
        }
        return i > start && padding(text, i, end) == end && (i == end || text.charAt(i) == '=');
    };

    /** Whether {@code text[start, end)} can be a token. */
    boolean accepts(String text, int start, int end, Place place);

    /** The whole token has to match {@code pattern}. */
    static TokenFormat matching(Pattern pattern) {
        return (text, start, end, place) ->
                pattern.matcher(text.substring(start, end)).matches();
    }

    /** What both accept. */
    default TokenFormat and(TokenFormat other) {
        return (text, start, end, place) -> accepts(text, start, end, place) && other.accepts(text, start, end, place);
    }

    /** Where the padding that begins with the first {@code =} ends; {@code end} when there is nothing behind it. */
    private static int padding(String text, int start, int end) {
        int i = start;
        while (i < end && text.charAt(i) != '=') {
            i++;
        }
        while (i < end && text.charAt(i) == '=') {
            i++;
        }
        return i;
    }

    private static boolean isB64(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._~+/".indexOf(c) >= 0;
    }
}
