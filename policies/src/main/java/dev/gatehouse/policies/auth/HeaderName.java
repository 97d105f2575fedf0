package dev.gatehouse.policies.auth;

import java.util.Locale;
import java.util.Set;

/** Names of header fields in options (RFC 9110 section 5.1). Stateless. */
public final class HeaderName {
    /** Fields that frame a message, belong to one connection, name the host, or carry the client's own credentials. */
    private static final Set<String> NOT_FOR_CLAIMS = Set.of(
            "authorization",
            "connection",
            "content-length",
            "cookie",
            "dpop",
            "expect",
            "host",
            "keep-alive",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private HeaderName() {}

    /** Whether {@code text} can be a field name (RFC 9110 section 5.6.2). */
    public static boolean isToken(String text) {
        return !text.isEmpty()
                && text.chars().allMatch(c -> c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0);
    }

    /**
     * A name under which the gateway may tell a service something about a client.
     *
     * @param option where it is written, for the message
     * @throws IllegalArgumentException when it cannot be a field name, or the field has another meaning already
     */
    public static void requireForClaims(String option, String name) {
        if (!isToken(name)) {
            throw new IllegalArgumentException(option + ": \"" + name + "\" (expected: the name of a header)");
        }
        if (NOT_FOR_CLAIMS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    option + ": \"" + name + "\" (expected: a header without a meaning of its own in HTTP)");
        }
    }
}
