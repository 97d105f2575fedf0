package dev.gatehouse.policies.introspect.credentials;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.tls.PemFiles;
import dev.gatehouse.tls.PrivateKeys;
import dev.gatehouse.tls.TlsProblem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.text.ParseException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A private key that signs assertions, with the one algorithm that it is used with. Immutable; safe on any thread.
 *
 * @param digest hexadecimal SHA-256 of the key, which tells two keys apart
 */
public record SigningKey(JWSAlgorithm algorithm, @Nullable String id, JWSSigner signer, String digest) {
    private static final int MIN_RSA_BITS = 2048;
    private static final List<JWSAlgorithm> RSA = List.of(
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512);

    /** What is configured about a key. */
    public record Wanted(
            @Nullable String id,
            @Nullable String algorithm,
            @Nullable Secret passphrase) {}

    /**
     * Reads a key from a PEM file or a JWK. Start-up thread.
     *
     * @throws KeyProblem when it cannot sign, or not with the wanted algorithm
     */
    public static SigningKey read(Path file, Wanted wanted) {
        try {
            String text = new String(PemFiles.bytes(file), StandardCharsets.UTF_8).strip();
            return text.startsWith("{")
                    ? ofJwk(text, wanted)
                    : of(
                            PrivateKeys.read(file, List.of("RSA", "EC"), wanted.passphrase()),
                            wanted.id(),
                            wanted.algorithm());
        } catch (TlsProblem e) {
            throw new KeyProblem(String.valueOf(e.getMessage()));
        } catch (KeyProblem e) {
            throw new KeyProblem(file + ": " + e.getMessage());
        }
    }

    private static SigningKey ofJwk(String text, Wanted wanted) {
        JWK jwk;
        try {
            jwk = JWK.parse(text);
        } catch (ParseException | IllegalArgumentException e) {
            throw new KeyProblem("is not a JWK (expected: one key with 'kty' EC or RSA and its private members)");
        }
        if (!(jwk instanceof AsymmetricJWK pair)) {
            throw new KeyProblem("is a secret (expected: a private key)");
        }
        if (!jwk.isPrivate()) {
            throw new KeyProblem("holds only the public half of a key (expected: a private key)");
        }
        if (jwk.getKeyUse() != null && !jwk.getKeyUse().equals(KeyUse.SIGNATURE)) {
            throw new KeyProblem("is not for signatures ('use' is not 'sig')");
        }
        String algorithm = wanted.algorithm();
        if (jwk.getAlgorithm() != null) {
            String own = jwk.getAlgorithm().getName();
            if (algorithm != null && !algorithm.equals(own)) {
                throw new KeyProblem("is for " + own + " and not for " + algorithm);
            }
            algorithm = own;
        }
        return of(privateKey(pair), wanted.id() == null ? jwk.getKeyID() : wanted.id(), algorithm);
    }

    private static PrivateKey privateKey(AsymmetricJWK pair) {
        try {
            return pair.toPrivateKey();
        } catch (JOSEException e) {
            throw new KeyProblem("is of a kind that is not supported (expected: EC or RSA)");
        }
    }

    private static SigningKey of(PrivateKey key, @Nullable String id, @Nullable String algorithm) {
        JWSAlgorithm standard = standard(key);
        JWSAlgorithm used = algorithm == null ? standard : JWSAlgorithm.parse(algorithm);
        List<JWSAlgorithm> fitting = RSA.contains(standard) ? RSA : List.of(standard);
        if (!fitting.contains(used)) {
            throw new KeyProblem("cannot sign with " + used + " (expected: "
                    + String.join(
                            ", ", fitting.stream().map(JWSAlgorithm::getName).toList()) + ")");
        }
        try {
            JWSSigner signer = key instanceof ECPrivateKey ec ? new ECDSASigner(ec) : new RSASSASigner(key);
            signer.sign(new JWSHeader(used), new byte[1]);
            return new SigningKey(used, id, signer, digest(key));
        } catch (JOSEException | IllegalArgumentException e) {
            throw new KeyProblem("cannot be used for signatures");
        }
    }

    /** The algorithm for a key when none is configured. */
    private static JWSAlgorithm standard(PrivateKey key) {
        if (key instanceof RSAPrivateKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (bits < MIN_RSA_BITS) {
                throw new KeyProblem("is an RSA key of " + bits + " bits (expected: " + MIN_RSA_BITS + " or more)");
            }
            return JWSAlgorithm.PS256;
        }
        Curve curve = key instanceof ECPrivateKey ec ? Curve.forECParameterSpec(ec.getParams()) : null;
        if (Curve.P_256.equals(curve)) {
            return JWSAlgorithm.ES256;
        }
        if (Curve.P_384.equals(curve)) {
            return JWSAlgorithm.ES384;
        }
        if (Curve.P_521.equals(curve)) {
            return JWSAlgorithm.ES512;
        }
        throw new KeyProblem("is of a kind that is not supported (expected: RSA, or EC on P-256, P-384 or P-521)");
    }

    private static String digest(PrivateKey key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Nothing of the key. */
    @Override
    public String toString() {
        return algorithm.getName();
    }
}
