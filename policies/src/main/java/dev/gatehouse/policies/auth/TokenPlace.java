package dev.gatehouse.policies.auth;

/** A place in a request that a token can be in. */
public sealed interface TokenPlace {
    /** The field of RFC 6750 section 2.1. */
    String AUTHORIZATION = "authorization";

    /**
     * A header field.
     *
     * @param scheme what stands before the token, compared without case; empty = the whole value is the token
     */
    record Header(String name, String scheme) implements TokenPlace {
        /** {@code Authorization: Bearer …}. */
        public static Header bearer() {
            return new Header(AUTHORIZATION, "Bearer");
        }

        boolean isAuthorization() {
            return name.equalsIgnoreCase(AUTHORIZATION);
        }
    }

    /** A parameter of the query (RFC 6750 section 2.3). */
    record Query(String name) implements TokenPlace {}

    /**
     * A parameter of an urlencoded body (RFC 6750 section 2.2).
     *
     * @param maxBytes longest body that is looked into
     */
    record Form(String name, int maxBytes) implements TokenPlace {}

    /**
     * A cookie, which browsers send along with requests that other sites make.
     *
     * @param anyMethod whether it counts for methods that change something, too
     */
    record Cookie(String name, boolean anyMethod) implements TokenPlace {}
}
