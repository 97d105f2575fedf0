package dev.gatehouse.policies.jwt;

import com.nimbusds.jose.util.X509CertUtils;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells public keys from secrets. Start-up thread.
 *
 * <p>Whoever knows a public key could sign tokens if the gateway took its text for an HMAC secret. So everything that
 * looks like a key is one or an error: a PEM text however it is spaced or escaped, a key without its PEM lines, a JWK.
 * Only what is left is a secret.
 */
final class KeyText {
    private static final Pattern LOOKS_LIKE_PEM =
            Pattern.compile("-begin|-end|begin[a-z0-9]*(?:publickey|privatekey|certificate)", Pattern.CASE_INSENSITIVE);
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN([A-Z0-9]+)-----([A-Za-z0-9+/]+=*)-----END\\1-----");
    private static final Pattern PRIVATE = Pattern.compile("BEGIN[A-Z0-9]*PRIVATEKEY");
    private static final Pattern OTHER_KEY =
            Pattern.compile("^\\{.*\"kty\".*|^(?:ssh-|ecdsa-sha2-|sk-).*", Pattern.CASE_INSENSITIVE);
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{48,}=*");
    private static final List<String> KEY_KINDS = List.of("RSA", "EC", "EdDSA", "DSA", "X25519", "X448", "DH");

    private KeyText() {}

    /**
     * The key that {@code written} holds.
     *
     * @param written what the file holds, or the bytes of the text in the configuration
     * @throws KeyProblem when it is a key that cannot verify tokens
     */
    static VerificationKey read(byte[] written) {
        // Keys are ASCII; whatever else is there, such as a byte order mark, belongs to none.
        String text = new String(written, StandardCharsets.ISO_8859_1);
        // An environment variable often carries a PEM text in one line, with the two characters \n for a line end.
        String bare = text.replace("\\n", "").replace("\\r", "").replaceAll("[^\\x21-\\x7e]", "");
        if (LOOKS_LIKE_PEM.matcher(bare).find()) {
            return VerificationKey.of(publicKey(bare));
        }
        if (written.length == 0) {
            throw new KeyProblem("the secret is empty");
        }
        if (OTHER_KEY.matcher(bare).matches() || isKey(written) || isKey(decoded(bare))) {
            throw new KeyProblem("this is a key and not in PEM form");
        }
        return VerificationKey.ofSecret(written);
    }

    private static PublicKey publicKey(String bare) {
        if (PRIVATE.matcher(bare).find()) {
            throw new KeyProblem("this is a private key, which must not be on a gateway that only verifies");
        }
        Matcher block = BLOCK.matcher(bare);
        if (!block.find()) {
            throw new KeyProblem("this begins like a key in PEM form and is none");
        }
        byte[] der = decoded(block.group(2));
        PublicKey key = switch (block.group(1)) {
            case "PUBLICKEY" -> subjectPublicKey(der);
            case "RSAPUBLICKEY" -> subjectPublicKey(RsaEnvelope.around(der));
            case "CERTIFICATE", "X509CERTIFICATE" -> ofCertificate(der);
            default -> throw new KeyProblem("this is neither a public key nor a certificate");
        };
        if (key == null) {
            throw new KeyProblem("the key or certificate cannot be read");
        }
        return key;
    }

    private static boolean isKey(byte[] der) {
        return subjectPublicKey(der) != null
                || subjectPublicKey(RsaEnvelope.around(der)) != null
                || ofCertificate(der) != null;
    }

    private static @Nullable PublicKey ofCertificate(byte[] der) {
        X509Certificate certificate = X509CertUtils.parse(der);
        return certificate == null ? null : certificate.getPublicKey();
    }

    /** A key factory can only be asked by trying. */
    private static @Nullable PublicKey subjectPublicKey(byte[] der) {
        return KEY_KINDS.stream()
                .map(kind -> subjectPublicKey(kind, der))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable PublicKey subjectPublicKey(String kind, byte[] der) {
        try {
            return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    /** The octets of a Base64 text in either alphabet; none when it is no such text. */
    private static byte[] decoded(String text) {
        String plain = text.replace('-', '+').replace('_', '/');
        try {
            return BASE64.matcher(text).matches() ? Base64.getDecoder().decode(plain) : new byte[0];
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
