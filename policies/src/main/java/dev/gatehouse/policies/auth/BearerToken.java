package dev.gatehouse.policies.auth;

import org.jspecify.annotations.Nullable;

/**
 * The token of a request, or why there is none. Never printed.
 *
 * @param text text that holds the token at {@code [start, end)}, so that the header value needs no copy
 * @param place where it was found
 * @param scheme what it was sent as
 * @param flaw why it cannot be used; null = it can
 */
public record BearerToken(
        String text,
        int start,
        int end,
        Place place,
        Scheme scheme,
        @Nullable Flaw flaw) {
    static final BearerToken MISSING = unusable(Place.NOWHERE, Flaw.MISSING);
    static final BearerToken MALFORMED = unusable(Place.NOWHERE, Flaw.MALFORMED);

    /** Where a token can be. */
    public enum Place {
        NOWHERE,
        /** The field {@code Authorization}. */
        HEADER,
        /** A header field of another name. */
        OWN_HEADER,
        QUERY,
        FORM,
        COOKIE
    }

    /** How a token was presented. */
    public enum Scheme {
        /** RFC 6750: whoever holds it may use it. Every token outside the Authorization header counts as one. */
        BEARER,
        /** RFC 9449 section 7.1: a proof of the key that it is bound to belongs to it. */
        DPOP
    }

    /** What can be wrong before anybody looks into a token. */
    public enum Flaw {
        /** The request has none. */
        MISSING,
        /** The request has several, or not exactly one behind the scheme. */
        MALFORMED,
        /** It is too long or has characters that no token has. */
        ILL_FORMED
    }

    static BearerToken unusable(Place place, Flaw flaw) {
        return new BearerToken("", 0, 0, place, Scheme.BEARER, flaw);
    }

    /** The token itself. */
    public String value() {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return "BearerToken[" + place + "]";
    }
}
