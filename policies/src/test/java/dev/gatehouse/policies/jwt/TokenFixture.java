package dev.gatehouse.policies.jwt;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens and keys made with the Java runtime alone, so that nothing is checked against itself. */
final class TokenFixture {
    static final String SECRET = "a secret of thirty-two characters";

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final Map<String, String> SIGNATURES = Map.of(
            "HS256", "HmacSHA256",
            "HS384", "HmacSHA384",
            "HS512", "HmacSHA512",
            "RS256", "SHA256withRSA",
            "RS512", "SHA512withRSA",
            "ES256", "SHA256withECDSAinP1363Format",
            "ES384", "SHA384withECDSAinP1363Format",
            "ES512", "SHA512withECDSAinP1363Format");

    private TokenFixture() {}

    /** An HS256 token with these claims, as JSON. */
    static String token(String claims) {
        return token("HS256", SECRET, claims);
    }

    static String token(String algorithm, String secret, String claims) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        return signed(algorithm, new SecretKeySpec(bytes, "HMAC"), "{\"alg\":\"" + algorithm + "\"}", claims);
    }

    static String token(String algorithm, PrivateKey key, String claims) {
        return signed(algorithm, key, "{\"alg\":\"" + algorithm + "\"}", claims);
    }

    /** A token whose header may say something else than how it is signed. */
    static String signed(String algorithm, Key key, String header, String claims) {
        String input = encoded(header) + '.' + encoded(claims);
        byte[] octets = input.getBytes(StandardCharsets.US_ASCII);
        try {
            return input + '.' + BASE64URL.encodeToString(signature(algorithm, key, octets));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] signature(String algorithm, Key key, byte[] input) throws GeneralSecurityException {
        if (key instanceof PrivateKey own) {
            Signature signature = Signature.getInstance(SIGNATURES.get(algorithm));
            signature.initSign(own);
            signature.update(input);
            return signature.sign();
        }
        Mac mac = Mac.getInstance(SIGNATURES.get(algorithm));
        mac.init(key);
        return mac.doFinal(input);
    }

    static String encoded(String json) {
        return BASE64URL.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    static KeyPair rsa(int bits) {
        return pair("RSA", generator -> generator.initialize(bits));
    }

    static KeyPair ec(String curve) {
        return pair("EC", generator -> generator.initialize(new ECGenParameterSpec(curve)));
    }

    static KeyPair ed25519() {
        return pair("Ed25519", generator -> {});
    }

    private interface Setting {
        void apply(KeyPairGenerator generator) throws GeneralSecurityException;
    }

    private static KeyPair pair(String kind, Setting setting) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            setting.apply(generator);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A PEM text with lines of 64 characters. */
    static String pem(String label, byte[] der) {
        Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return "-----BEGIN " + label + "-----\n" + lines.encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    static String pem(KeyPair pair) {
        return pem("PUBLIC KEY", pair.getPublic().getEncoded());
    }

    /** The RSAPublicKey inside of a SubjectPublicKeyInfo, as OpenSSL's {@code -RSAPublicKey_out} writes it. */
    static byte[] pkcs1(KeyPair rsa) {
        byte[] all = rsa.getPublic().getEncoded();
        int envelope = 24; // of a key with 2048 bits
        return java.util.Arrays.copyOfRange(all, envelope, all.length);
    }
}
