package dev.gatehouse.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads PEM files and keys that a policy names. Control threads only. */
public final class PemFiles {
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    private PemFiles() {}

    /** All certificates of a file, at least one. */
    static List<X509Certificate> certificates(Path file) {
        byte[] content = bytes(file);
        if (!new String(content, StandardCharsets.ISO_8859_1).contains("-----BEGIN CERTIFICATE-----")) {
            throw new TlsProblem(file + ": holds no certificate (expected: PEM, -----BEGIN CERTIFICATE-----)");
        }
        try {
            List<X509Certificate> found = new ArrayList<>();
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(content))) {
                found.add((X509Certificate) certificate);
            }
            return found;
        } catch (CertificateException e) {
            throw new TlsProblem(file + ": a certificate cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * The content of a file of at most 4 MiB.
     *
     * @throws TlsProblem with a sentence for the operator that names the file and nothing of its content
     */
    public static byte[] bytes(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new TlsProblem(file + ": is too large for a PEM file (expected: at most 4 MiB)");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new TlsProblem(file + ": file not found", e);
        } catch (IOException e) {
            throw new TlsProblem(file + ": cannot be read", e);
        }
    }
}
