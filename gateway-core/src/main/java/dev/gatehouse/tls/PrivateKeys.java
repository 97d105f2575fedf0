package dev.gatehouse.tls;

import dev.gatehouse.config.bind.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** Reads private keys from PEM files: PKCS #8, encrypted or not, PKCS #1 and SEC 1. Control threads only. */
public final class PrivateKeys {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    private static final Pattern OLD_ENCRYPTION = Pattern.compile("(?m)^Proc-Type: *4, *ENCRYPTED");
    private static final String PBES2 = "1.2.840.113549.1.5.13";

    private PrivateKeys() {}

    /**
     * The first key of a file.
     *
     * @param kinds what it may be, such as {@code EC} and {@code RSA}
     * @param passphrase opens it when it is encrypted; not needed otherwise
     * @throws TlsProblem naming the file that cannot be used
     */
    public static PrivateKey read(Path file, List<String> kinds, @Nullable Secret passphrase) {
        PKCS8EncodedKeySpec spec = keySpec(file, passphrase);
        for (String kind : kinds) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(spec);
            } catch (InvalidKeySpecException notOfThisKind) {
                // A key factory can only be asked by trying; the next one may know it.
            } catch (GeneralSecurityException e) {
                throw new TlsProblem(file + ": keys of the kind " + kind + " are not supported", e);
            }
        }
        throw new TlsProblem(file + ": is not a private key of the kind " + String.join(" or ", kinds));
    }

    private static PKCS8EncodedKeySpec keySpec(Path file, @Nullable Secret passphrase) {
        String content = new String(PemFiles.bytes(file), StandardCharsets.ISO_8859_1);
        if (OLD_ENCRYPTION.matcher(content).find()) {
            throw new TlsProblem(file + ": the key is encrypted in an old form (expected: PKCS #8, as 'openssl pkcs8"
                    + " -topk8' writes it)");
        }
        Matcher block = BLOCK.matcher(content);
        if (!block.find()) {
            throw new TlsProblem(file + ": holds no private key (expected: PEM, -----BEGIN PRIVATE KEY-----)");
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(block.group(2));
        } catch (IllegalArgumentException e) {
            throw new TlsProblem(file + ": the private key is not valid Base64", e);
        }
        return switch (block.group(1)) {
            case "PRIVATE KEY" -> new PKCS8EncodedKeySpec(der);
            case "RSA PRIVATE KEY" -> new PKCS8EncodedKeySpec(Pkcs8.ofRsa(der));
            case "EC PRIVATE KEY" -> new PKCS8EncodedKeySpec(Pkcs8.ofEllipticCurve(der));
            case "ENCRYPTED PRIVATE KEY" -> decrypted(file, der, passphrase);
            default -> throw new TlsProblem(file + ": unknown kind of key: " + block.group(1));
        };
    }

    private static PKCS8EncodedKeySpec decrypted(Path file, byte[] der, @Nullable Secret passphrase) {
        if (passphrase == null) {
            throw new TlsProblem(file + ": the key is encrypted (expected: a passphrase, or a key without one)");
        }
        PBEKeySpec secret = new PBEKeySpec(passphrase.reveal().toCharArray());
        try {
            EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(der);
            AlgorithmParameters parameters = encrypted.getAlgParameters();
            // The parameters of PBES2 print as the name of the scheme in it; that is how the runtime finds a cipher.
            String scheme = encrypted.getAlgName().equals(PBES2)
                            || encrypted.getAlgName().equals("PBES2")
                    ? String.valueOf(parameters)
                    : encrypted.getAlgName();
            Cipher cipher = Cipher.getInstance(scheme);
            cipher.init(
                    Cipher.DECRYPT_MODE, SecretKeyFactory.getInstance(scheme).generateSecret(secret), parameters);
            return encrypted.getKeySpec(cipher);
        } catch (InvalidKeySpecException | InvalidKeyException e) {
            throw new TlsProblem(file + ": the key cannot be opened with the passphrase", e);
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsProblem(
                    file + ": the way the key is encrypted is not supported (expected: PBES2 with AES)", e);
        } finally {
            secret.clearPassword();
        }
    }
}
