package dev.gatehouse.policies.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;
import dev.gatehouse.policies.auth.claim.ClaimTree;
import java.text.ParseException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads signed tokens (RFC 7515 section 3.1): one key, the algorithms that go with it, nothing a token says about keys.
 * Immutable; safe on any thread.
 *
 * <p>A token is looked at in the order of cost: characters, header, signature, and only then its claims. Verification
 * runs on the event loop: an HMAC takes a few microseconds and RSA with 2048 bits some tens of them. The elliptic curves
 * of the Java runtime take longer, which the reference page tells.
 */
final class TokenVerifier {
    /** Longest token in bytes; larger ones do not fit beside other fields into what servers accept as headers. */
    static final int MAX_LENGTH = 8192;

    /** What a token turned out to be. */
    sealed interface Outcome {
        /** Its signature is right; says nothing about dates, issuer and audience. */
        record Signed(Map<String, @Nullable Object> claims) implements Outcome {}

        /** It is no token of this key. */
        record Refused(Denial denial) implements Outcome {}
    }

    private static final Outcome ILL_FORMED = new Outcome.Refused(Denial.ILL_FORMED);
    private static final Outcome WRONG_ALGORITHM = new Outcome.Refused(Denial.ALGORITHM);
    private static final Outcome WRONG_SIGNATURE = new Outcome.Refused(Denial.SIGNATURE);

    private final JWSVerifier verifier;
    private final Set<String> algorithms;

    /** @param algorithms some of those of {@code key} */
    TokenVerifier(VerificationKey key, Collection<JWSAlgorithm> algorithms) {
        verifier = key.verifier();
        this.algorithms = algorithms.stream().map(JWSAlgorithm::getName).collect(Collectors.toUnmodifiableSet());
    }

    Outcome verify(String token) {
        int headerEnd = token.indexOf('.');
        if (token.length() > MAX_LENGTH || !isCompact(token, headerEnd)) {
            return ILL_FORMED;
        }
        Map<String, @Nullable Object> header = ClaimTree.read(new Base64URL(token.substring(0, headerEnd)).decode());
        // RFC 7515 section 4.1.11: nothing that a header calls critical is understood here. RFC 7797 demands the same
        // of
        // b64, which would change what is signed.
        if (header == null || header.containsKey("crit") || header.containsKey("b64")) {
            return ILL_FORMED;
        }
        if (!(header.get("alg") instanceof String algorithm) || !algorithms.contains(algorithm)) {
            return WRONG_ALGORITHM;
        }
        return verifySigned(token);
    }

    private Outcome verifySigned(String token) {
        try {
            JWSObject signed = JWSObject.parse(token);
            if (!signed.verify(verifier)) {
                return WRONG_SIGNATURE;
            }
            Map<String, @Nullable Object> claims =
                    ClaimTree.read(signed.getPayload().toBytes());
            return claims == null ? ILL_FORMED : new Outcome.Signed(claims);
        } catch (ParseException e) {
            return ILL_FORMED;
        } catch (JOSEException e) {
            return WRONG_SIGNATURE;
        }
    }

    /** Three parts in the alphabet of RFC 4648 section 5; a JWE has five. */
    private static boolean isCompact(String token, int headerEnd) {
        int payloadEnd = headerEnd < 0 ? -1 : token.indexOf('.', headerEnd + 1);
        return payloadEnd > 0
                && isPart(token, 0, headerEnd)
                && isPart(token, headerEnd + 1, payloadEnd)
                && isPart(token, payloadEnd + 1, token.length());
    }

    private static boolean isPart(String token, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = token.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && c != '-' && c != '_') {
                return false;
            }
        }
        return from < to;
    }
}
