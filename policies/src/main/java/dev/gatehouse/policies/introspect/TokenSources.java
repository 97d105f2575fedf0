package dev.gatehouse.policies.introspect;

import dev.gatehouse.policies.introspect.BearerToken.Place;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Iterator;

/**
 * Finds the one token of a request (RFC 6750 sections 2.1 and 2.3). Two tokens, wherever they are, are none: the
 * service behind could read the other one. Immutable; safe on any thread.
 */
final class TokenSources {
    private static final String SCHEME = "Bearer";

    private final boolean header;
    private final boolean query;
    private final boolean b64token;
    private final int maxLength;

    /** @param b64token whether only the grammar of RFC 6750 section 2.1 is accepted, not every visible character */
    TokenSources(boolean header, boolean query, boolean b64token, int maxLength) {
        this.header = header;
        this.query = query;
        this.b64token = b64token;
        this.maxLength = maxLength;
    }

    BearerToken find(HttpRequest request) {
        BearerToken found = header ? inHeader(request.headers()) : BearerToken.MISSING;
        if (!query || request.uri().indexOf('?') < 0) {
            return found;
        }
        QueryToken parameter = QueryToken.find(request.uri());
        if (parameter.count() == 0) {
            return found;
        }
        String value = parameter.value();
        if (found.problem() != Denial.NO_TOKEN || parameter.count() > 1 || value == null || value.isEmpty()) {
            return BearerToken.MALFORMED;
        }
        return checked(value, 0, value.length(), Place.QUERY);
    }

    /** Takes every credential that this policy would read out of the request. */
    void remove(HttpRequest request) {
        request.headers().remove(HttpHeaderNames.AUTHORIZATION);
        request.headers().remove("dpop");
        removeFromQuery(request);
    }

    void removeFromQuery(HttpRequest request) {
        if (query && request.uri().indexOf('?') >= 0) {
            request.setUri(QueryToken.strip(request.uri()));
        }
    }

    private BearerToken inHeader(HttpHeaders headers) {
        Iterator<String> values = headers.valueStringIterator(HttpHeaderNames.AUTHORIZATION);
        if (!values.hasNext()) {
            return BearerToken.MISSING;
        }
        String value = values.next();
        if (values.hasNext()) {
            return BearerToken.MALFORMED;
        }
        if (!value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return BearerToken.MISSING;
        }
        int end = value.length();
        while (end > SCHEME.length() && isBlank(value.charAt(end - 1))) {
            end--;
        }
        int start = SCHEME.length();
        if (start < end && value.charAt(start) != ' ') {
            return BearerToken.MISSING; // a longer scheme that begins with the same letters
        }
        // Exactly one space, as RFC 6750 section 2.1 writes it: Express Gateway refuses more, and so does its users'
        // code.
        return start + 1 >= end ? BearerToken.MALFORMED : checked(value, start + 1, end, Place.HEADER);
    }

    private BearerToken checked(String text, int start, int end, Place place) {
        boolean visible = true;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            // A comma joins two field values into one (RFC 9110 section 5.3); no token contains one.
            if (place == Place.HEADER && (c == ' ' || c == ',')) {
                return BearerToken.MALFORMED;
            }
            visible &= c > 0x20 && c < 0x7f;
        }
        if (!visible || end - start > maxLength || (b64token && !isB64token(text, start, end))) {
            return BearerToken.unusable(place, Denial.ILL_FORMED);
        }
        return new BearerToken(text, start, end, place, null);
    }

    private static boolean isB64token(String text, int start, int end) {
        int i = start;
        while (i < end && isB64(text.charAt(i))) {
            i++;
        }
        boolean some = i > start;
        while (i < end && text.charAt(i) == '=') {
            i++;
        }
        return some && i == end;
    }

    private static boolean isB64(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._~+/".indexOf(c) >= 0;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
