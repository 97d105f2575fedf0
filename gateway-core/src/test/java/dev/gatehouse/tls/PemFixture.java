package dev.gatehouse.tls;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** Certificates made for a test, as files. */
public final class PemFixture {
    /**
     * A certificate and its key.
     *
     * @param bundle the same, in memory
     */
    public record Pair(Path cert, Path key, X509Bundle bundle) {}

    private final Path folder;
    private final X509Bundle authority;
    private int number;

    public PemFixture(Path folder) {
        this.folder = folder;
        this.authority = make(builder("CN=Test authority").setIsCertificateAuthority(true), null);
    }

    /** The file of the authority that issues everything else here. */
    public Path ca() {
        return write("ca", authority.getCertificatePEM());
    }

    /** A certificate for names and IP addresses. */
    public Pair issue(String... names) {
        return pair(make(named(names), authority));
    }

    public Pair issueRsa(String... names) {
        return pair(make(named(names).rsa2048(), authority));
    }

    /** A certificate that nobody has a reason to trust. */
    public Pair selfSigned(String... names) {
        return pair(make(named(names).setIsCertificateAuthority(true), null));
    }

    /** The key of a pair, encrypted as {@code openssl pkcs8 -topk8} does it. */
    public Path encrypted(Pair pair, String passphrase) {
        try {
            String scheme = "PBEWithHmacSHA256AndAES_256";
            Cipher cipher = Cipher.getInstance(scheme);
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    SecretKeyFactory.getInstance(scheme).generateSecret(new PBEKeySpec(passphrase.toCharArray())));
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
            parameters.init(cipher.getParameters().getEncoded());
            byte[] content = pair.bundle().getKeyPair().getPrivate().getEncoded();
            byte[] der = new EncryptedPrivateKeyInfo(parameters, cipher.doFinal(content)).getEncoded();
            String kind = "ENCRYPTED PRIVATE KEY";
            String base64 = Base64.getMimeEncoder().encodeToString(der);
            return write("encrypted", "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A pair as one file in the form PKCS #12. */
    public Path pkcs12(Pair pair, String passphrase) {
        Path file = folder.resolve(number++ + "-store.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            char[] password = passphrase.toCharArray();
            PrivateKey key = pair.bundle().getKeyPair().getPrivate();
            store.setKeyEntry("own", key, password, pair.bundle().getCertificatePath());
            store.store(out, password);
            return file;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public Path write(String name, String content) {
        try {
            return Files.writeString(folder.resolve(number++ + "-" + name + ".pem"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Pair pair(X509Bundle bundle) {
        return new Pair(write("cert", bundle.getCertificatePathPEM()), write("key", bundle.getPrivateKeyPEM()), bundle);
    }

    private static CertificateBuilder named(String... names) {
        CertificateBuilder builder = builder("CN=" + names[0]);
        for (String name : names) {
            if (Character.isDigit(name.charAt(0))) {
                builder.addSanIpAddress(name);
            } else {
                builder.addSanDnsName(name);
            }
        }
        return builder;
    }

    private static CertificateBuilder builder(String subject) {
        return new CertificateBuilder().subject(subject).ecp256();
    }

    private static X509Bundle make(CertificateBuilder builder, @Nullable X509Bundle issuer) {
        try {
            return issuer == null ? builder.buildSelfSigned() : builder.buildIssuedBy(issuer);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
