package dev.gatehouse.tls;

import dev.gatehouse.config.bind.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads key and certificate chain from one file in the form PKCS #12 (RFC 7292). Control threads only. */
final class Pkcs12 {
    /** DER of a sequence, with which every such file begins and no PEM file does. */
    private static final byte SEQUENCE = 0x30;

    private Pkcs12() {}

    /**
     * Whether the file looks like one.
     *
     * @throws TlsProblem when it cannot be read
     */
    static boolean is(Path file) {
        byte[] content = PemFiles.bytes(file);
        return content.length > 0 && content[0] == SEQUENCE;
    }

    /**
     * The one key of the file.
     *
     * @param passphrase null = the empty one
     * @throws TlsProblem naming the file that cannot be used
     */
    static KeyMaterial read(Path file, @Nullable Secret passphrase) {
        char[] password = passphrase == null ? new char[0] : passphrase.reveal().toCharArray();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(PemFiles.bytes(file)), password);
            List<String> keys = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    keys.add(alias);
                }
            }
            if (keys.size() != 1) {
                throw new TlsProblem(file + ": holds " + keys.size() + " private keys (expected: one)");
            }
            return material(file, store, keys.get(0), password);
        } catch (IOException | GeneralSecurityException e) {
            throw new TlsProblem(
                    file + ": cannot be opened as PKCS #12 with the passphrase ('openssl pkcs12 -in FILE -out PEM'"
                            + " turns it into PEM)",
                    e);
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    private static KeyMaterial material(Path file, KeyStore store, String alias, char[] password)
            throws GeneralSecurityException {
        Key key = store.getKey(alias, password);
        Certificate[] chain = store.getCertificateChain(alias);
        if (!(key instanceof PrivateKey privateKey) || chain == null || chain.length == 0) {
            throw new TlsProblem(file + ": holds no private key with its certificate");
        }
        return new KeyMaterial(
                privateKey,
                Arrays.stream(chain).map(X509Certificate.class::cast).toList());
    }
}
