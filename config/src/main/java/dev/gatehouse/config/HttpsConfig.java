package dev.gatehouse.config;

import dev.gatehouse.config.tls.Handshake;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A TLS listener.
 *
 * @param port port; 0 means any free one
 * @param hostname address or name to bind; null = all addresses
 * @param certificates in file order, {@code default} among them
 * @param requestCert whether a client certificate is asked for
 * @param rejectUnauthorized whether an untrusted client certificate ends the handshake
 * @param handshake versions, cipher suites, curves and how keys are opened
 */
public record HttpsConfig(
        int port,
        @Nullable String hostname,
        List<Certificate> certificates,
        boolean requestCert,
        boolean rejectUnauthorized,
        Handshake handshake) {
    public HttpsConfig {
        certificates = List.copyOf(certificates);
    }

    /** With the standard handshake. */
    public HttpsConfig(
            int port,
            @Nullable String hostname,
            List<Certificate> certificates,
            boolean requestCert,
            boolean rejectUnauthorized) {
        this(port, hostname, certificates, requestCert, rejectUnauthorized, Handshake.STANDARD);
    }

    /**
     * Key material for the names that match a pattern.
     *
     * @param pattern {@code default}, or a name in which {@code *} stands for any run of characters, dots included
     * @param key PEM file of the private key
     * @param cert PEM file of the chain
     * @param ca PEM files of the authorities trusted for client certificates
     */
    public record Certificate(String pattern, Path key, Path cert, List<Path> ca) {
        public Certificate {
            ca = List.copyOf(ca);
        }
    }
}
