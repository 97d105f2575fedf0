package dev.gatehouse.policies.auth;

import dev.gatehouse.policies.auth.BearerToken.Flaw;
import dev.gatehouse.policies.auth.BearerToken.Place;
import dev.gatehouse.policies.auth.BearerToken.Scheme;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one token of a request (RFC 6750 sections 2.1 and 2.3). Two tokens, wherever they are, are none: the
 * service behind could read the other one. Immutable; safe on any thread.
 */
public final class TokenSources {
    private static final String DPOP = "DPoP";

    private final Places places;
    private final boolean dpop;
    private final boolean b64token;
    private final int maxLength;

    /**
     * Where to look.
     *
     * @param scheme a token behind this scheme in {@code Authorization}; null = none
     * @param header a token that is the whole value of this header field; null = none
     * @param parameter a token in this parameter of the query; null = none
     */
    public record Places(
            @Nullable String scheme,
            @Nullable String header,
            @Nullable String parameter) {}

    /** @param b64token whether only the grammar of RFC 6750 section 2.1 is accepted, not every visible character */
    public TokenSources(Places places, boolean b64token, int maxLength) {
        this(places, false, b64token, maxLength);
    }

    /**
     * @param dpop whether {@code DPoP} counts beside {@link Places#scheme()} (RFC 9449 section 7.1); whoever asks for it
     *     verifies the proof of every token whose {@link BearerToken#scheme()} is {@link Scheme#DPOP}
     */
    public TokenSources(Places places, boolean dpop, boolean b64token, int maxLength) {
        this.places = places;
        this.dpop = dpop;
        this.b64token = b64token;
        this.maxLength = maxLength;
    }

    /** The token, or why there is none. Borrows {@code request}. */
    public BearerToken find(HttpRequest request) {
        BearerToken found = inHeaders(request.headers());
        if (places.parameter() == null || request.uri().indexOf('?') < 0) {
            return found;
        }
        QueryToken parameter = QueryToken.find(request.uri(), places.parameter());
        if (parameter.count() == 0) {
            return found;
        }
        String value = parameter.value();
        if (found.flaw() != Flaw.MISSING || parameter.count() > 1 || value == null || value.isEmpty()) {
            return BearerToken.MALFORMED;
        }
        return checked(value, 0, value.length(), Place.QUERY, Scheme.BEARER);
    }

    /** Takes every credential that this policy would read out of the request. */
    public void remove(HttpRequest request) {
        request.headers().remove(HttpHeaderNames.AUTHORIZATION);
        request.headers().remove("dpop");
        if (places.header() != null) {
            request.headers().remove(places.header());
        }
        removeFromQuery(request);
    }

    /** Takes the token out of the target; the rest of the query stays as it is. */
    public void removeFromQuery(HttpRequest request) {
        if (places.parameter() != null && request.uri().indexOf('?') >= 0) {
            request.setUri(QueryToken.strip(request.uri(), places.parameter()));
        }
    }

    private BearerToken inHeaders(HttpHeaders headers) {
        if (places.scheme() == null && places.header() == null) {
            return BearerToken.MISSING;
        }
        CharSequence name = places.header() == null ? HttpHeaderNames.AUTHORIZATION : places.header();
        Iterator<String> values = headers.valueStringIterator(name);
        if (!values.hasNext()) {
            return BearerToken.MISSING;
        }
        String value = values.next();
        if (values.hasNext()) {
            return BearerToken.MALFORMED;
        }
        if (places.scheme() == null) {
            return value.isEmpty()
                    ? BearerToken.MISSING
                    : checked(value, 0, value.length(), Place.HEADER, Scheme.BEARER);
        }
        BearerToken found = behindScheme(value, places.scheme(), Scheme.BEARER);
        return dpop && found.flaw() == Flaw.MISSING ? behindScheme(value, DPOP, Scheme.DPOP) : found;
    }

    private BearerToken behindScheme(String value, String name, Scheme scheme) {
        if (!value.regionMatches(true, 0, name, 0, name.length())) {
            return BearerToken.MISSING;
        }
        int end = value.length();
        while (end > name.length() && isBlank(value.charAt(end - 1))) {
            end--;
        }
        int start = name.length();
        if (start < end && value.charAt(start) != ' ') {
            return BearerToken.MISSING; // a longer scheme that begins with the same letters
        }
        // Exactly one space, as RFC 6750 section 2.1 writes it: Express Gateway refuses more, and so does its users'
        // code.
        return start + 1 >= end ? BearerToken.MALFORMED : checked(value, start + 1, end, Place.HEADER, scheme);
    }

    private BearerToken checked(String text, int start, int end, Place place, Scheme scheme) {
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
            return BearerToken.unusable(place, Flaw.ILL_FORMED);
        }
        return new BearerToken(text, start, end, place, scheme, null);
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
