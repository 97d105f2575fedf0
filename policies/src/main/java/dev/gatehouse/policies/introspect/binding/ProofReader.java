package dev.gatehouse.policies.introspect.binding;

import com.nimbusds.jose.util.Base64URL;
import dev.gatehouse.policies.auth.claim.ClaimTree;
import dev.gatehouse.policies.introspect.options.token.BindingOptions.Dpop;
import dev.gatehouse.policies.introspect.options.token.BindingOptions.Nonce;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes every check of a proof that needs no signature (RFC 9449 section 4.3), cheapest first, so that the costly one is
 * done only for a proof that says the right things with the right key. Takes some ten microseconds. Immutable; safe on
 * any thread.
 */
final class ProofReader {
    /** Longest proof in characters; one with an RSA key of 4096 bits has about 2500. */
    static final int MAX_LENGTH = 8192;
    /** Longest {@code jti}; a UUID has 36. */
    static final int MAX_ID_LENGTH = 256;
    /** How far a proof may come from the future. */
    static final int AHEAD_SECONDS = 5;

    private static final double MILLIS = 1000;

    private final Dpop options;
    private final Nonces nonces;
    private final InstantSource clock;

    /**
     * What a proof must be for.
     *
     * @param method of the request
     * @param url normalised; null = no proof can name it
     * @param token the access token itself
     * @param thumbprint of the key that the token is bound to
     */
    record Purpose(String method, @Nullable String url, String token, String thumbprint) {
        @Override
        public String toString() {
            return "Purpose";
        }
    }

    /** What a proof turned out to be: what failed, or the proof when nothing did. */
    record Reading(ProofResult result, @Nullable SignedProof proof) {
        static Reading refused(ProofResult result) {
            return new Reading(result, null);
        }
    }

    ProofReader(Dpop options, Nonces nonces, InstantSource clock) {
        this.options = options;
        this.nonces = nonces;
        this.clock = clock;
    }

    /** @param fields the values of all {@code DPoP} fields of the request */
    Reading read(List<String> fields, Purpose purpose) {
        if (fields.isEmpty()) {
            return Reading.refused(ProofResult.MISSING);
        }
        String text = fields.get(0);
        int headerEnd = text.indexOf('.');
        int payloadEnd = text.indexOf('.', headerEnd + 1);
        if (fields.size() > 1 || text.length() > MAX_LENGTH || !isCompact(text, headerEnd, payloadEnd)) {
            return Reading.refused(ProofResult.MALFORMED);
        }
        Map<String, @Nullable Object> header = json(text.substring(0, headerEnd));
        // RFC 7515 section 4.1.11: nothing that a header calls critical is understood here; RFC 7797 needs it for b64.
        if (header == null
                || !"dpop+jwt".equals(header.get("typ"))
                || header.containsKey("crit")
                || header.containsKey("b64")) {
            return Reading.refused(ProofResult.MALFORMED);
        }
        if (!(header.get("alg") instanceof String algorithm) || !options.algs().contains(algorithm)) {
            return Reading.refused(ProofResult.ALGORITHM);
        }
        ProofKey key = header.get("jwk") instanceof Map<?, ?> jwk ? ProofKey.of(jwk, algorithm) : null;
        if (key == null || !Sha256.same(key.thumbprint(), purpose.thumbprint())) {
            return Reading.refused(ProofResult.KEY);
        }
        Map<String, @Nullable Object> claims = json(text.substring(headerEnd + 1, payloadEnd));
        return claims == null ? Reading.refused(ProofResult.MALFORMED) : judge(claims, purpose, key, text, payloadEnd);
    }

    private Reading judge(
            Map<String, @Nullable Object> claims, Purpose purpose, ProofKey key, String text, int payloadEnd) {
        if (!(claims.get("jti") instanceof String id) || id.isEmpty() || id.length() > MAX_ID_LENGTH) {
            return Reading.refused(ProofResult.MALFORMED);
        }
        if (!isFor(purpose, claims)) {
            return Reading.refused(ProofResult.REQUEST);
        }
        if (!(claims.get("iat") instanceof Number issuedAt) || !isRecent(issuedAt.doubleValue())) {
            return Reading.refused(ProofResult.AGE);
        }
        byte[] token = purpose.token().getBytes(StandardCharsets.UTF_8);
        if (!(claims.get("ath") instanceof String hash) || !Sha256.same(hash, Sha256.text(token))) {
            return Reading.refused(ProofResult.TOKEN);
        }
        Nonces.Age nonce = options.nonce() == Nonce.OFF ? Nonces.Age.CURRENT : nonces.age(claims.get("nonce"));
        if (nonce == Nonces.Age.UNKNOWN) {
            return Reading.refused(ProofResult.NONCE);
        }
        byte[] signed = text.substring(0, payloadEnd).getBytes(StandardCharsets.US_ASCII);
        Base64URL signature = new Base64URL(text.substring(payloadEnd + 1));
        boolean current = nonce == Nonces.Age.CURRENT;
        return new Reading(
                ProofResult.VALID,
                new SignedProof(
                        key, purpose.thumbprint(), signed, signature, id, (long) issuedAt.doubleValue(), current));
    }

    private static boolean isFor(Purpose purpose, Map<String, @Nullable Object> claims) {
        return purpose.method().equals(claims.get("htm"))
                && purpose.url() != null
                && claims.get("htu") instanceof String url
                && purpose.url().equals(RequestUrl.normalised(url));
    }

    private boolean isRecent(double issuedAt) {
        double age = clock.millis() / MILLIS - issuedAt;
        return age >= -AHEAD_SECONDS && age <= options.maxAge().toMillis() / MILLIS;
    }

    private static @Nullable Map<String, @Nullable Object> json(String part) {
        return ClaimTree.read(new Base64URL(part).decode());
    }

    /** Three parts in the alphabet of RFC 4648 section 5. */
    private static boolean isCompact(String text, int headerEnd, int payloadEnd) {
        if (headerEnd < 1 || payloadEnd < headerEnd + 2 || payloadEnd + 1 == text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && c != '-' && c != '_' && i != headerEnd && i != payloadEnd) {
                return false;
            }
        }
        return true;
    }
}
