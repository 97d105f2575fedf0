package dev.gatehouse.policies.introspect.binding;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The public key in the header of a proof (RFC 9449 section 4.2). Only the members that make the key are read: a chain
 * or a URL beside them would be work that a stranger orders. Immutable; safe on any thread.
 */
final class ProofKey {
    private static final List<String> PRIVATE = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 4096;
    /** A long exponent makes one verification as slow as a signature. */
    private static final int MAX_EXPONENT_BITS = 32;

    private static final int ED25519_BYTES = 32;
    /** What RFC 8410 puts before the 32 bytes of an Ed25519 key. */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final JWSAlgorithm algorithm;
    private final JWK key;

    private ProofKey(JWSAlgorithm algorithm, JWK key) {
        this.algorithm = algorithm;
        this.key = key;
    }

    /**
     * The key, or null when it does not go with {@code algorithm}, is weak, or says more than it should.
     *
     * @param algorithm one of those that can be configured
     */
    static @Nullable ProofKey of(Map<?, ?> jwk, String algorithm) {
        if (PRIVATE.stream().anyMatch(jwk::containsKey)) {
            return null;
        }
        try {
            JWK key = switch (algorithm) {
                case "ES256" -> JWK.parse(members(jwk, "EC", "P-256", "x", "y"));
                case "ES384" -> JWK.parse(members(jwk, "EC", "P-384", "x", "y"));
                case "EdDSA" -> edwards(JWK.parse(members(jwk, "OKP", "Ed25519", "x")));
                default -> strong(JWK.parse(members(jwk, "RSA", null, "n", "e")));
            };
            return new ProofKey(JWSAlgorithm.parse(algorithm), key);
        } catch (ParseException | JOSEException | IllegalArgumentException | IllegalStateException e) {
            return null; // a key that nobody can read is nobody's key
        }
    }

    /** RFC 7638, as in {@code cnf.jkt}. */
    String thumbprint() {
        try {
            return key.computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Whether the key made the signature. Takes from 30 µs to a millisecond of CPU, so not for an event loop. */
    boolean verifies(byte[] signed, Base64URL signature) {
        try {
            if (key instanceof OctetKeyPair pair) {
                Signature edwards = Signature.getInstance("Ed25519");
                edwards.initVerify(edwards(pair));
                edwards.update(signed);
                return edwards.verify(signature.decode());
            }
            JWSVerifier verifier = key instanceof ECKey curve ? new ECDSAVerifier(curve) : rsa((RSAKey) key);
            return verifier.verify(new JWSHeader(algorithm), signed, signature);
        } catch (JOSEException | GeneralSecurityException e) {
            return false; // a key or a signature outside of what the algorithm knows
        }
    }

    private static JWSVerifier rsa(RSAKey key) throws JOSEException {
        return new RSASSAVerifier(key.toRSAPublicKey());
    }

    private static Map<String, Object> members(Map<?, ?> jwk, String type, @Nullable String curve, String... names) {
        if (!type.equals(jwk.get("kty")) || (curve != null && !curve.equals(jwk.get("crv")))) {
            throw new IllegalArgumentException("another kind of key");
        }
        Map<String, Object> members = new HashMap<>();
        members.put("kty", type);
        if (curve != null) {
            members.put("crv", curve);
        }
        for (String name : names) {
            if (!(jwk.get(name) instanceof String text)) {
                throw new IllegalArgumentException("an incomplete key");
            }
            members.put(name, text);
        }
        return members;
    }

    private static JWK edwards(JWK key) {
        if (key instanceof OctetKeyPair pair && pair.getX().decode().length == ED25519_BYTES) {
            return key;
        }
        throw new IllegalArgumentException("not 32 bytes");
    }

    /** The Java runtime verifies Ed25519 itself; the JOSE library would need another library for it. */
    private static PublicKey edwards(OctetKeyPair pair) throws GeneralSecurityException {
        byte[] point = pair.getX().decode();
        byte[] encoded = new byte[ED25519_PREFIX.length + point.length];
        System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
        System.arraycopy(point, 0, encoded, ED25519_PREFIX.length, point.length);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    private static JWK strong(JWK key) throws JOSEException {
        RSAPublicKey rsa = ((RSAKey) key).toRSAPublicKey();
        int bits = rsa.getModulus().bitLength();
        BigInteger exponent = rsa.getPublicExponent();
        if (bits < MIN_RSA_BITS
                || bits > MAX_RSA_BITS
                || exponent.bitLength() > MAX_EXPONENT_BITS
                || exponent.compareTo(BigInteger.TWO) <= 0
                || !exponent.testBit(0)) {
            throw new IllegalArgumentException("weak or slow");
        }
        return key;
    }
}
