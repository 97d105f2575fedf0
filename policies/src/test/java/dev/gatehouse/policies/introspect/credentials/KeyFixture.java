package dev.gatehouse.policies.introspect.credentials;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** Keys made for a test, as files. */
public final class KeyFixture {
    private final Path folder;
    private int number;

    public KeyFixture(Path folder) {
        this.folder = folder;
    }

    public static KeyPair rsa(int bits) {
        return pair("RSA", generator -> generator.initialize(bits));
    }

    public static KeyPair ec(String curve) {
        return pair("EC", generator -> generator.initialize(new ECGenParameterSpec(curve)));
    }

    static KeyPair edwards() {
        return pair("Ed25519", generator -> {});
    }

    public Path pem(PrivateKey key) {
        String base64 = Base64.getMimeEncoder().encodeToString(key.getEncoded());
        return write("-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n");
    }

    public Path write(String content) {
        try {
            return Files.writeString(folder.resolve("key-" + number++), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
}
