package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.config.bind.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyMaterialTest {
    private static final byte[] CURVE_P256 = {
        (byte) 0xa0, 0x0a, 0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x03, 0x01, 0x07
    };

    @TempDir
    private Path folder;

    private PemFixture files;

    @BeforeEach
    void start() {
        files = new PemFixture(folder);
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END " + kind + "-----\n";
    }

    private static byte[] sec1(ECPrivateKey key, byte[] parameters) {
        byte[] number = key.getS().toByteArray();
        byte[] padded = new byte[32];
        int length = Math.min(32, number.length);
        System.arraycopy(number, number.length - length, padded, 32 - length, length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x30, (byte) (3 + 34 + parameters.length), 0x02, 0x01, 0x01, 0x04, 0x20});
        out.writeBytes(padded);
        out.writeBytes(parameters);
        return out.toByteArray();
    }

    @Test
    void readsAnEllipticCurveKey() {
        PemFixture.Pair pair = files.issue("a.test");

        KeyMaterial material = KeyMaterial.read(pair.cert(), pair.key());

        assertThat(material.key()).isEqualTo(pair.bundle().getKeyPair().getPrivate());
        assertThat(material.chain().get(0)).isEqualTo(pair.bundle().getCertificate());
    }

    @Test
    void readsAnRsaKeyInItsOlderForm() {
        PemFixture.Pair pair = files.issueRsa("a.test");
        byte[] pkcs8 = pair.bundle().getKeyPair().getPrivate().getEncoded();
        Path key = files.write("key", pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length)));

        assertThat(KeyMaterial.read(pair.cert(), key).key())
                .isEqualTo(pair.bundle().getKeyPair().getPrivate());
    }

    @Test
    void readsAnEllipticCurveKeyInItsOlderForm() {
        PemFixture.Pair pair = files.issue("a.test");
        ECPrivateKey privateKey = (ECPrivateKey) pair.bundle().getKeyPair().getPrivate();
        String parameters = pem("EC PARAMETERS", Arrays.copyOfRange(CURVE_P256, 2, CURVE_P256.length));
        Path key = files.write("key", parameters + pem("EC PRIVATE KEY", sec1(privateKey, CURVE_P256)));

        assertThat(((ECPrivateKey) KeyMaterial.read(pair.cert(), key).key()).getS())
                .isEqualTo(privateKey.getS());
    }

    @Test
    void refusesACurveThatIsNotNamed() {
        PemFixture.Pair pair = files.issue("a.test");
        ECPrivateKey privateKey = (ECPrivateKey) pair.bundle().getKeyPair().getPrivate();
        Path key = files.write("key", pem("EC PRIVATE KEY", sec1(privateKey, new byte[0])));

        assertThatThrownBy(() -> KeyMaterial.read(pair.cert(), key))
                .isInstanceOf(TlsProblem.class)
                .hasMessageContaining("does not name its curve");
    }

    @Test
    void refusesTheKeyOfAnotherCertificate() {
        PemFixture.Pair pair = files.issue("a.test");
        PemFixture.Pair other = files.issue("b.test");

        assertThatThrownBy(() -> KeyMaterial.read(pair.cert(), other.key()))
                .isInstanceOf(TlsProblem.class)
                .hasMessage(other.key() + ": is not the key of the first certificate in " + pair.cert());
    }

    @Test
    void refusesAKeyOfAnotherKind() {
        PemFixture.Pair pair = files.issue("a.test");
        PemFixture.Pair other = files.issueRsa("b.test");

        assertThatThrownBy(() -> KeyMaterial.read(pair.cert(), other.key()))
                .isInstanceOf(TlsProblem.class)
                .hasMessageContaining("is not a private key of the kind EC");
    }

    @Test
    void refusesAnEncryptedKey() {
        PemFixture.Pair pair = files.issue("a.test");
        Path key = files.write("key", pem("ENCRYPTED PRIVATE KEY", new byte[] {1, 2, 3}));

        assertThatThrownBy(() -> KeyMaterial.read(pair.cert(), key))
                .isInstanceOf(TlsProblem.class)
                .hasMessage(key + ": the key is encrypted (expected: a passphrase, or a key without one)");
    }

    @Test
    void opensAnEncryptedKey() {
        PemFixture.Pair pair = files.issue("a.test");
        Path key = files.encrypted(pair, "open sesame");

        assertThat(KeyMaterial.read(pair.cert(), key, new Secret("open sesame")).key())
                .isEqualTo(pair.bundle().getKeyPair().getPrivate());
    }

    @Test
    void opensAKeyThatOpenSslEncrypted() {
        KeyMaterial material = KeyMaterial.read(
                Path.of("src/test/resources/tls/encrypted.cert.pem"),
                Path.of("src/test/resources/tls/encrypted.key.pem"),
                new Secret("open sesame"));

        assertThat(material.key().getAlgorithm()).isEqualTo("EC");
    }

    @Test
    void refusesAWrongPassphrase() {
        PemFixture.Pair pair = files.issue("a.test");
        Path key = files.encrypted(pair, "open sesame");

        assertThatThrownBy(() -> KeyMaterial.read(pair.cert(), key, new Secret("barley")))
                .isInstanceOf(TlsProblem.class)
                .hasMessage(key + ": the key cannot be opened with the passphrase")
                .hasMessageNotContaining("barley");
    }

    @Test
    void refusesAnOldWayOfEncryption() {
        PemFixture.Pair pair = files.issue("a.test");
        Path key = files.write("key", """
                -----BEGIN RSA PRIVATE KEY-----
                Proc-Type: 4,ENCRYPTED
                DEK-Info: AES-128-CBC,00

                AAAA
                -----END RSA PRIVATE KEY-----
                """);

        assertThatThrownBy(() -> KeyMaterial.read(pair.cert(), key, new Secret("x")))
                .isInstanceOf(TlsProblem.class)
                .hasMessageContaining("old form");
    }

    @Test
    void refusesAMissingFile() {
        PemFixture.Pair pair = files.issue("a.test");
        Path missing = folder.resolve("missing.pem");

        assertThatThrownBy(() -> KeyMaterial.read(missing, pair.key()))
                .isInstanceOf(TlsProblem.class)
                .hasMessage(missing + ": file not found");
    }

    @Test
    void refusesFilesWithSomethingElse() {
        PemFixture.Pair pair = files.issue("a.test");
        Path text = files.write("text", "hello");

        assertThatThrownBy(() -> KeyMaterial.read(text, pair.key()))
                .isInstanceOf(TlsProblem.class)
                .hasMessageContaining("holds no certificate");
        assertThatThrownBy(() -> KeyMaterial.read(pair.cert(), text))
                .isInstanceOf(TlsProblem.class)
                .hasMessageContaining("holds no private key");
        assertThatThrownBy(() -> KeyMaterial.read(pair.cert(), pair.cert()))
                .isInstanceOf(TlsProblem.class)
                .hasMessageContaining("holds no private key");
    }

    @Test
    void refusesAKeyThatIsCutOff() {
        PemFixture.Pair pair = files.issue("a.test");
        Path key = files.write("key", pem("EC PRIVATE KEY", new byte[] {0x30, 0x20, 0x02}));

        assertThatThrownBy(() -> KeyMaterial.read(pair.cert(), key)).isInstanceOf(TlsProblem.class);
    }
}
