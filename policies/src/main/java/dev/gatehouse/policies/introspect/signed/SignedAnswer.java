package dev.gatehouse.policies.introspect.signed;

import com.nimbusds.jose.util.Base64URL;
import dev.gatehouse.policies.auth.claim.ClaimTree;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JWT of RFC 9701 section 5 whose head was understood and nothing else. What its header says about keys beside their
 * id ({@code jku}, {@code x5u}, {@code jwk}, {@code x5c}) is not read. Immutable.
 *
 * @param algorithm one of those that count
 * @param keyId null = none
 * @param input the text that is signed
 */
record SignedAnswer(String algorithm, @Nullable String keyId, String input, String payload, Base64URL signature) {
    private static final String TYPE = "token-introspection+jwt";
    private static final String CLAIMS = "token_introspection";

    /** Why an answer is not used; for the log. */
    enum Flaw {
        MEDIA_TYPE,
        FORM,
        TYPE,
        ALGORITHM,
        ISSUER_UNKNOWN,
        KEY,
        SIGNATURE,
        ISSUER,
        AUDIENCE,
        TIME,
        CLAIMS,
        OVERLOAD,
        INTERNAL
    }

    /** What came of one step. */
    sealed interface Opening {
        record Head(SignedAnswer answer) implements Opening {}

        /**
         * A good answer.
         *
         * @param json the claims about the token, as they were written
         */
        record Claims(byte[] json) implements Opening {}

        record Unusable(Flaw flaw) implements Opening {}
    }

    /** Reads the head of a compact JWS (RFC 7515 section 7.1). An encrypted answer has five parts and no form here. */
    static Opening read(byte[] body, List<String> algorithms) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        int header = text.indexOf('.');
        int payload = header < 0 ? -1 : text.indexOf('.', header + 1);
        if (payload < 0 || !isBase64(text, header, payload)) {
            return new Opening.Unusable(Flaw.FORM);
        }
        byte @Nullable [] decoded = decoded(text.substring(0, header));
        @Nullable Map<String, @Nullable Object> members = decoded == null ? null : ClaimTree.read(decoded);
        // RFC 7515 section 4.1.11: nothing that a header calls critical is understood here, nor is RFC 7797.
        if (members == null || members.containsKey("crit") || members.containsKey("b64")) {
            return new Opening.Unusable(Flaw.FORM);
        }
        if (!(members.get("typ") instanceof String type) || !type.equalsIgnoreCase(TYPE)) {
            return new Opening.Unusable(Flaw.TYPE);
        }
        if (!(members.get("alg") instanceof String algorithm) || !algorithms.contains(algorithm)) {
            return new Opening.Unusable(Flaw.ALGORITHM);
        }
        return new Opening.Head(new SignedAnswer(
                algorithm,
                members.get("kid") instanceof String id ? id : null,
                text.substring(0, payload),
                text.substring(header + 1, payload),
                new Base64URL(text.substring(payload + 1))));
    }

    /** When an answer can have been made, in milliseconds since 1970. */
    record Window(long earliest, long latest) {
        /** A date in whole seconds may be up to a second older than what it stands for. */
        boolean contains(@Nullable Object seconds) {
            if (!(seconds instanceof Number number)) {
                return false;
            }
            double millis = number.doubleValue() * 1000;
            return millis + 1000 > earliest && millis <= latest;
        }
    }

    /** Verifies the signature and what is signed. Takes up to a millisecond for each key. */
    Opening open(List<SigningKey> keys, String issuer, SignedFormat format, Window window) {
        byte[] signed = input.getBytes(StandardCharsets.US_ASCII);
        if (keys.stream().noneMatch(key -> key.verifies(algorithm, signed, signature))) {
            return new Opening.Unusable(Flaw.SIGNATURE);
        }
        byte @Nullable [] json = decoded(payload);
        @Nullable Map<String, @Nullable Object> members = json == null ? null : ClaimTree.read(json);
        if (json == null || members == null) {
            return new Opening.Unusable(Flaw.FORM);
        }
        if (!issuer.equals(members.get("iss"))) {
            return new Opening.Unusable(Flaw.ISSUER);
        }
        Object aud = members.get("aud");
        if (!format.audience().equals(aud) && !(aud instanceof List<?> list && list.contains(format.audience()))) {
            return new Opening.Unusable(Flaw.AUDIENCE);
        }
        if (!window.contains(members.get("iat"))) {
            return new Opening.Unusable(Flaw.TIME);
        }
        byte @Nullable [] claims = members.get(CLAIMS) instanceof Map<?, ?> ? ClaimTree.member(json, CLAIMS) : null;
        return claims == null ? new Opening.Unusable(Flaw.CLAIMS) : new Opening.Claims(claims);
    }

    @Override
    public String toString() {
        return "SignedAnswer[" + algorithm + "]";
    }

    private static byte @Nullable [] decoded(String part) {
        try {
            return Base64.getUrlDecoder().decode(part);
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    /** Three parts in the alphabet of RFC 4648 section 5, none of them empty. */
    private static boolean isBase64(String text, int header, int payload) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && c != '-' && c != '_' && i != header && i != payload) {
                return false;
            }
        }
        return header > 0 && payload > header + 1 && payload < text.length() - 1;
    }
}
