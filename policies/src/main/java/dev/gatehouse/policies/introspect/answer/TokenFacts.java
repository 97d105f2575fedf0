package dev.gatehouse.policies.introspect.answer;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of an active answer that checks compare, parsed once. Immutable. Times are milliseconds since 1970.
 *
 * @param expiresAt first moment at which the token is over; {@link #NO_END} when the answer has no {@code exp}
 * @param notBefore first moment at which the token counts; {@link #NO_START} when absent
 * @param issuedAt {@code iat}; {@link #NO_START} when absent
 * @param issuer null when absent or not a string
 * @param audience empty when absent or of another type
 * @param tokenType null when absent or not a string
 * @param foreignUse whether {@code token_use} says that this is not an access token
 * @param confirmation what the token is bound to; null = not bound
 * @param scopes of the first of {@link #SCOPE_CLAIMS} that is present
 */
public record TokenFacts(
        long expiresAt,
        long notBefore,
        long issuedAt,
        @Nullable String issuer,
        List<String> audience,
        @Nullable String tokenType,
        boolean foreignUse,
        @Nullable Confirmation confirmation,
        Set<String> scopes) {
    public static final long NO_END = Long.MAX_VALUE;
    public static final long NO_START = Long.MIN_VALUE;

    /** Where scopes are looked for when nothing else is configured. */
    public static final List<String> SCOPE_CLAIMS = List.of("scope", "scopes", "scp");

    /**
     * What a token is bound to (RFC 7800 section 3.1).
     *
     * @param certificateHash base64url SHA-256 of a client certificate; null = none
     * @param proofKey base64url SHA-256 thumbprint of a DPoP key (RFC 9449 section 6.1); null = none
     * @param known whether at least one member is understood; false also when {@code cnf} is no object
     */
    public record Confirmation(
            @Nullable String certificateHash, @Nullable String proofKey, boolean known) {}

    /** The scopes in the first of {@code names} that is present; anything but text or a list of texts grants none. */
    public static Set<String> scopes(Map<String, @Nullable Object> claims, List<String> names) {
        for (String name : names) {
            Object value = claims.get(name);
            if (value != null) {
                return scopes(value);
            }
        }
        return Set.of();
    }

    private static Set<String> scopes(Object value) {
        Set<String> scopes = new HashSet<>();
        if (value instanceof String text) {
            for (String scope : text.split(" +", -1)) {
                if (!scope.isEmpty()) {
                    scopes.add(scope);
                }
            }
        } else if (value instanceof List<?> list) {
            for (Object item : list) {
                if (!(item instanceof String scope)) {
                    return Set.of();
                }
                scopes.add(scope);
            }
        }
        return Set.copyOf(scopes);
    }
}
