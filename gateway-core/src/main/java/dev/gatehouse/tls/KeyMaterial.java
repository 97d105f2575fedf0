package dev.gatehouse.tls;

import dev.gatehouse.config.bind.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A private key with its certificate chain, known to belong together.
 *
 * @param chain own certificate first
 */
record KeyMaterial(PrivateKey key, List<X509Certificate> chain) {
    /** @throws TlsProblem naming the file that cannot be used */
    static KeyMaterial read(Path cert, Path key) {
        return read(cert, key, null);
    }

    /**
     * @param passphrase opens the key when it is encrypted; not needed otherwise
     * @throws TlsProblem naming the file that cannot be used
     */
    static KeyMaterial read(Path cert, Path key, @Nullable Secret passphrase) {
        List<X509Certificate> chain = PemFiles.certificates(cert);
        PublicKey publicKey = chain.get(0).getPublicKey();
        PrivateKey privateKey = PrivateKeys.read(key, List.of(publicKey.getAlgorithm()), passphrase);
        if (!isPair(publicKey, privateKey)) {
            throw new TlsProblem(key + ": is not the key of the first certificate in " + cert);
        }
        return new KeyMaterial(privateKey, chain);
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
