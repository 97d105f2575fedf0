package dev.gatehouse.policies.introspect.signed;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A public key of a key set (RFC 7517 section 4) that verifies signatures. The key decides about the algorithm, never a
 * signed text (RFC 8725 section 3.1). Immutable; safe on any thread.
 *
 * @param id {@code kid}; null = none
 * @param algorithms those that go with it
 */
record SigningKey(@Nullable String id, Set<String> algorithms, JWSVerifier verifier) {
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 8192;
    private static final Set<String> RSA = Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");
    private static final Map<String, String> CURVES = Map.of("P-256", "ES256", "P-384", "ES384", "P-521", "ES512");

    /** Private parts, certificates and places of certificates are not even looked at. */
    private static final List<String> PUBLIC_MEMBERS = List.of("kty", "n", "e", "crv", "x", "y");

    /** Null when {@code jwk} is no key that verifies signatures here; RFC 7517 section 5 has such members ignored. */
    static @Nullable SigningKey of(Map<?, ?> jwk) {
        Object use = jwk.get("use");
        boolean signs = use == null || use.equals("sig");
        boolean verifies = !(jwk.get("key_ops") instanceof List<?> operations) || operations.contains("verify");
        if (!signs || !verifies) {
            return null;
        }
        try {
            SigningKey key = ofKind(String.valueOf(jwk.get("kty")), publicPart(jwk));
            return key == null ? null : key.named(jwk.get("kid"), jwk.get("alg"));
        } catch (ParseException | JOSEException | IllegalArgumentException unusable) {
            return null;
        }
    }

    /**
     * Whether {@code signature} is one of this key over {@code input}.
     *
     * @param algorithm one of {@link #algorithms}
     */
    boolean verifies(String algorithm, byte[] input, Base64URL signature) {
        try {
            return verifier.verify(new JWSHeader(JWSAlgorithm.parse(algorithm)), input, signature);
        } catch (JOSEException wrongForm) {
            return false;
        }
    }

    private static @Nullable SigningKey ofKind(String kind, Map<String, Object> members)
            throws ParseException, JOSEException {
        return switch (kind) {
            case "RSA" -> rsa(RSAKey.parse(members).toRSAPublicKey());
            case "EC" -> ec(ECKey.parse(members).toECPublicKey());
            case "OKP" ->
                Curve.Ed25519.getName().equals(members.get("crv"))
                        ? new SigningKey(null, Set.of("EdDSA"), EdwardsVerifier.of(members.get("x")))
                        : null;
            default -> null;
        };
    }

    private static @Nullable SigningKey rsa(RSAPublicKey key) {
        int bits = key.getModulus().bitLength();
        return bits < MIN_RSA_BITS || bits > MAX_RSA_BITS ? null : new SigningKey(null, RSA, new RSASSAVerifier(key));
    }

    private static @Nullable SigningKey ec(ECPublicKey key) throws JOSEException {
        Curve curve = Curve.forECParameterSpec(key.getParams());
        String algorithm = curve == null ? null : CURVES.get(curve.getName());
        return algorithm == null ? null : new SigningKey(null, Set.of(algorithm), new ECDSAVerifier(key));
    }

    private @Nullable SigningKey named(@Nullable Object name, @Nullable Object algorithm) {
        String kid = name instanceof String text ? text : null;
        if (algorithm == null) {
            return new SigningKey(kid, algorithms, verifier);
        }
        return algorithm instanceof String only && algorithms.contains(only)
                ? new SigningKey(kid, Set.of(only), verifier)
                : null;
    }

    private static Map<String, Object> publicPart(Map<?, ?> jwk) {
        Map<String, Object> members = new HashMap<>();
        for (String name : PUBLIC_MEMBERS) {
            if (jwk.get(name) instanceof String text) {
                members.put(name, text);
            }
        }
        return members;
    }
}
