package dev.gatehouse.policies.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.List;

/**
 * What tokens are verified with, and the algorithms that go with it: a key decides about the algorithm, never a token
 * (RFC 8725 section 3.1). Immutable; safe on any thread.
 *
 * @param kind for messages, such as {@code an RSA key}
 * @param algorithms all that this key can verify
 * @param bits strength as the operator knows it: length of a secret or of an RSA modulus, size of a curve
 */
record VerificationKey(String kind, List<JWSAlgorithm> algorithms, JWSVerifier verifier, int bits) {
    static final String SECRET = "a secret";

    private static final int LONGEST_HASH_BYTES = 64;

    /** @throws KeyProblem for a key of another kind than RSA or EC, or on another curve than P-256, P-384 and P-521 */
    static VerificationKey of(PublicKey key) {
        try {
            if (key instanceof RSAPublicKey rsa) {
                int bits = rsa.getModulus().bitLength();
                List<JWSAlgorithm> algorithms = List.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384, JWSAlgorithm.RS512);
                return new VerificationKey("an RSA key", algorithms, new RSASSAVerifier(rsa), bits);
            }
            if (key instanceof ECPublicKey ec) {
                JWSAlgorithm algorithm = algorithm(Curve.forECParameterSpec(ec.getParams()));
                int bits = ec.getParams().getOrder().bitLength();
                return new VerificationKey("an EC key", List.of(algorithm), new ECDSAVerifier(ec), bits);
            }
        } catch (JOSEException e) {
            throw new KeyProblem("the key cannot be used: " + e.getMessage());
        }
        throw new KeyProblem("keys of the kind " + key.getAlgorithm() + " are not supported");
    }

    private static JWSAlgorithm algorithm(Curve curve) {
        if (Curve.P_256.equals(curve)) {
            return JWSAlgorithm.ES256;
        }
        if (Curve.P_384.equals(curve)) {
            return JWSAlgorithm.ES384;
        }
        if (Curve.P_521.equals(curve)) {
            return JWSAlgorithm.ES512;
        }
        throw new KeyProblem("the key is on another curve than P-256, P-384 and P-521");
    }

    /** A secret of any length above zero, as Express Gateway accepts it. Does not keep {@code secret}. */
    static VerificationKey ofSecret(byte[] secret) {
        // The library refuses secrets that are shorter than the hash. RFC 2104 section 2 fills every key that is
        // shorter
        // than the block (64 or 128 bytes) with zeros, so filling it up to 64 bytes here gives the same results.
        byte[] filled = secret.length < LONGEST_HASH_BYTES ? Arrays.copyOf(secret, LONGEST_HASH_BYTES) : secret;
        try {
            List<JWSAlgorithm> algorithms = List.of(JWSAlgorithm.HS256, JWSAlgorithm.HS384, JWSAlgorithm.HS512);
            return new VerificationKey(SECRET, algorithms, new MACVerifier(filled), secret.length * Byte.SIZE);
        } catch (JOSEException e) {
            throw new KeyProblem("the secret cannot be used: " + e.getMessage());
        }
    }

    boolean isSecret() {
        return kind.equals(SECRET);
    }

    @Override
    public String toString() {
        return kind;
    }
}
