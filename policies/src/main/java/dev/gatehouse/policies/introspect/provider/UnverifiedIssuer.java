package dev.gatehouse.policies.introspect.provider;

import dev.gatehouse.policies.auth.BearerToken;
import dev.gatehouse.policies.auth.claim.ClaimTree;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who a JWT-shaped token says it comes from. Nobody has verified it: it may choose whom to ask, never what to accept.
 * Stateless; nothing of the token is kept.
 */
final class UnverifiedIssuer {
    private UnverifiedIssuer() {}

    /** Member {@code iss} of the payload; null when the token has not the form of a signed JWT, or no issuer. */
    static @Nullable String of(BearerToken token) {
        String text = token.text();
        int first = dot(text, token.start(), token.end());
        int second = first < 0 ? -1 : dot(text, first + 1, token.end());
        if (second < 0 || dot(text, second + 1, token.end()) >= 0) {
            return null;
        }
        try {
            byte[] payload = Base64.getUrlDecoder().decode(text.substring(first + 1, second));
            @Nullable Map<String, @Nullable Object> claims = ClaimTree.read(payload);
            return claims != null && claims.get("iss") instanceof String issuer ? issuer : null;
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    private static int dot(String text, int from, int end) {
        int dot = text.indexOf('.', from);
        return dot < end ? dot : -1;
    }
}
