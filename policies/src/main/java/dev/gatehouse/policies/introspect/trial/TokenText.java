package dev.gatehouse.policies.introspect.trial;

import dev.gatehouse.policies.auth.claim.ClaimTree;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the text of a token tells by itself. Nothing of it is verified: good for a guess at what went wrong, never for a
 * decision. Immutable.
 *
 * @param form what it looks like
 * @param payload claims of a signed JWT; empty for other forms
 */
public record TokenText(Form form, Map<String, @Nullable Object> payload) {
    /** What a token looks like. */
    public enum Form {
        OPAQUE,
        SIGNED_JWT,
        ENCRYPTED_JWT
    }

    private static final int SIGNED_PARTS = 3;
    private static final int ENCRYPTED_PARTS = 5;

    /** Reads a token; does not keep it. */
    public static TokenText of(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != SIGNED_PARTS && parts.length != ENCRYPTED_PARTS) {
            return new TokenText(Form.OPAQUE, Map.of());
        }
        Map<String, @Nullable Object> header = object(parts[0]);
        if (header == null || !header.containsKey("alg")) {
            return new TokenText(Form.OPAQUE, Map.of());
        }
        if (parts.length == ENCRYPTED_PARTS) {
            return new TokenText(Form.ENCRYPTED_JWT, Map.of());
        }
        Map<String, @Nullable Object> payload = object(parts[1]);
        return payload == null ? new TokenText(Form.OPAQUE, Map.of()) : new TokenText(Form.SIGNED_JWT, payload);
    }

    private static @Nullable Map<String, @Nullable Object> object(String part) {
        try {
            return ClaimTree.read(Base64.getUrlDecoder().decode(part));
        } catch (IllegalArgumentException e) {
            return null; // not base64url: not a JWT
        }
    }

    /** Tells nothing of the payload. */
    @Override
    public String toString() {
        return form.toString();
    }
}
