package dev.gatehouse.policies.auth;

import org.jspecify.annotations.Nullable;

/**
 * The token of a request, or why there is none. Never printed.
 *
 * @param text text that holds the token at {@code [start, end)}, so that the header value needs no copy
 * @param place where it was found
 * @param flaw why it cannot be used; null = it can
 */
public record BearerToken(
        String text,
        int start,
        int end,
        Place place,
        @Nullable Flaw flaw) {
    static final BearerToken MISSING = unusable(Place.NOWHERE, Flaw.MISSING);
    static final BearerToken MALFORMED = unusable(Place.NOWHERE, Flaw.MALFORMED);

    /** Where a token can be. */
    public enum Place {
        NOWHERE,
        HEADER,
        QUERY
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
        return new BearerToken("", 0, 0, place, flaw);
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
