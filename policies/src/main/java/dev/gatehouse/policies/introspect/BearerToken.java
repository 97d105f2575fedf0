package dev.gatehouse.policies.introspect;

import org.jspecify.annotations.Nullable;

/**
 * The token of a request, or why there is none. Never printed.
 *
 * @param text text that holds the token at {@code [start, end)}, so that the header value needs no copy
 * @param place where it was found
 * @param problem why it cannot be used; null = it can
 */
record BearerToken(
        String text,
        int start,
        int end,
        Place place,
        @Nullable Denial problem) {
    static final BearerToken MISSING = none(Denial.NO_TOKEN);
    static final BearerToken MALFORMED = none(Denial.MALFORMED);

    /** Where a token can be. */
    enum Place {
        NOWHERE,
        HEADER,
        QUERY
    }

    static BearerToken unusable(Place place, Denial problem) {
        return new BearerToken("", 0, 0, place, problem);
    }

    private static BearerToken none(Denial problem) {
        return unusable(Place.NOWHERE, problem);
    }

    /** The token itself. */
    String value() {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return "BearerToken[" + place + "]";
    }
}
