package dev.gatehouse.policies.introspect.signed;

import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** An authorization server's keys, and JWTs that are signed with the Java runtime alone. */
public final class SignerFixture {
    private static final Map<String, KeyPair> PAIRS = new ConcurrentHashMap<>();

    private final String kid;
    private final String algorithm;
    private final KeyPair pair;

    private SignerFixture(String kid, String algorithm, KeyPair pair) {
        this.kid = kid;
        this.algorithm = algorithm;
        this.pair = pair;
    }

    /** A signer whose key is the same wherever {@code kid} and the kind of the algorithm are. */
    public static SignerFixture of(String kid, String algorithm) {
        String kind = algorithm.substring(0, 1) + (algorithm.startsWith("ES") ? algorithm : "");
        return new SignerFixture(kid, algorithm, PAIRS.computeIfAbsent(kid + kind, key -> generate(algorithm, 2048)));
    }

    /** One whose RSA key is shorter than what is safe. */
    static SignerFixture weak(String kid) {
        return new SignerFixture(kid, "RS256", generate("RS256", 1024));
    }

    private static KeyPair generate(String algorithm, int bits) {
        try {
            KeyPairGenerator generator;
            switch (algorithm) {
                case "EdDSA" -> generator = KeyPairGenerator.getInstance("Ed25519");
                case "ES256", "ES384", "ES512" -> {
                    generator = KeyPairGenerator.getInstance("EC");
                    String size = algorithm.equals("ES512") ? "521" : algorithm.substring(2);
                    generator.initialize(new ECGenParameterSpec("secp" + size + "r1"));
                }
                default -> {
                    generator = KeyPairGenerator.getInstance("RSA");
                    generator.initialize(bits);
                }
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A set of keys. */
    public static String set(String... jwks) {
        return "{\"keys\":[" + String.join(",", jwks) + "]}";
    }

    /**
     * The public key.
     *
     * @param extra further members, each beginning with a comma
     */
    public String jwk(String extra) {
        PublicKey key = pair.getPublic();
        String members;
        if (key instanceof RSAPublicKey rsa) {
            members = "\"kty\":\"RSA\",\"n\":\"" + Base64URL.encode(rsa.getModulus()) + "\",\"e\":\""
                    + Base64URL.encode(rsa.getPublicExponent()) + '"';
        } else if (key instanceof ECPublicKey ec) {
            int size = (ec.getParams().getCurve().getField().getFieldSize() + 7) / 8;
            String curve = size == 66 ? "P-521" : "P-" + size * 8;
            members = "\"kty\":\"EC\",\"crv\":\"" + curve + "\",\"x\":\""
                    + padded(ec.getW().getAffineX().toByteArray(), size) + "\",\"y\":\""
                    + padded(ec.getW().getAffineY().toByteArray(), size) + '"';
        } else {
            byte[] encoded = ((EdECPublicKey) key).getEncoded();
            byte[] x = java.util.Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
            members = "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + Base64URL.encode(x) + '"';
        }
        return "{\"kid\":\"" + kid + "\"," + members + extra + "}";
    }

    private static Base64URL padded(byte[] number, int size) {
        byte[] bytes = new byte[size];
        int length = Math.min(number.length, size);
        System.arraycopy(number, number.length - length, bytes, size - length, length);
        return Base64URL.encode(bytes);
    }

    /** A JWT of RFC 9701 with a correct head. */
    public String sign(String payload) {
        return sign(
                "{\"typ\":\"token-introspection+jwt\",\"alg\":\"" + algorithm + "\",\"kid\":\"" + kid + "\"}", payload);
    }

    /** A JWT with any head; the signature is that of this key. */
    public String sign(String header, String payload) {
        String input = Base64URL.encode(header) + "." + Base64URL.encode(payload);
        try {
            Signature engine = Signature.getInstance(engine());
            if (algorithm.equals("PS256")) {
                engine.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            engine.initSign(Objects.requireNonNull(pair.getPrivate()));
            engine.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + Base64URL.encode(engine.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String engine() {
        return switch (algorithm) {
            case "RS256" -> "SHA256withRSA";
            case "PS256" -> "RSASSA-PSS";
            case "ES256" -> "SHA256withECDSAinP1363Format";
            case "ES384" -> "SHA384withECDSAinP1363Format";
            case "EdDSA" -> "Ed25519";
            default -> throw new IllegalArgumentException(algorithm);
        };
    }
}
