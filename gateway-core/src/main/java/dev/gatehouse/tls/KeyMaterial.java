package dev.gatehouse.tls;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A private key with its certificate chain, known to belong together.
 *
 * @param chain own certificate first
 */
record KeyMaterial(PrivateKey key, List<X509Certificate> chain) {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    /** @throws TlsProblem naming the file that cannot be used */
    static KeyMaterial read(Path cert, Path key) {
        List<X509Certificate> chain = PemFiles.certificates(cert);
        PublicKey publicKey = chain.get(0).getPublicKey();
        PrivateKey privateKey = privateKey(key, publicKey.getAlgorithm());
        if (!isPair(publicKey, privateKey)) {
            throw new TlsProblem(key + ": is not the key of the first certificate in " + cert);
        }
        return new KeyMaterial(privateKey, chain);
    }

    private static PrivateKey privateKey(Path file, String algorithm) {
        Matcher block = BLOCK.matcher(new String(PemFiles.bytes(file), StandardCharsets.ISO_8859_1));
        if (!block.find()) {
            throw new TlsProblem(file + ": holds no private key (expected: PEM, -----BEGIN PRIVATE KEY-----)");
        }
        String kind = block.group(1);
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(block.group(2));
        } catch (IllegalArgumentException e) {
            throw new TlsProblem(file + ": the private key is not valid Base64", e);
        }
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8(file, kind, der)));
        } catch (InvalidKeySpecException e) {
            throw new TlsProblem(file + ": is not a private key of the certificate's kind (" + algorithm + ")", e);
        } catch (GeneralSecurityException e) {
            throw new TlsProblem(file + ": keys of the kind " + algorithm + " are not supported", e);
        }
    }

    private static byte[] pkcs8(Path file, String kind, byte[] der) {
        return switch (kind) {
            case "PRIVATE KEY" -> der;
            case "RSA PRIVATE KEY" -> Pkcs8.ofRsa(der);
            case "EC PRIVATE KEY" -> Pkcs8.ofEllipticCurve(der);
            case "ENCRYPTED PRIVATE KEY" ->
                throw new TlsProblem(file + ": the key is encrypted (expected: a key without a passphrase)");
            default -> throw new TlsProblem(file + ": unknown kind of key: " + kind);
        };
    }

    private static boolean isPair(PublicKey publicKey, PrivateKey privateKey) {
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> publicKey.getAlgorithm();
        };
        byte[] sample = "gateway".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(privateKey);
            signer.update(sample);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(publicKey);
            verifier.update(sample);
            return verifier.verify(signature);
        } catch (InvalidKeyException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new TlsProblem("keys of the kind " + publicKey.getAlgorithm() + " are not supported", e);
        }
    }
}
