package dev.gatehouse.client;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the gateway behaves as a TLS client.
 *
 * @param verify whether certificate and host name of the peer are verified
 * @param ca PEM files of trusted authorities; empty = those of the Java runtime
 * @param cert PEM file of the client certificate chain; null = none
 * @param key PEM file of its key; null = none
 * @param serverName name for SNI and verification; null = the host of the target
 */
public record TlsSettings(
        boolean verify,
        List<Path> ca,
        @Nullable Path cert,
        @Nullable Path key,
        @Nullable String serverName) {
    /** Verifies against the authorities of the Java runtime. */
    public static final TlsSettings DEFAULT = new TlsSettings(true, List.of(), null, null, null);

    public TlsSettings {
        ca = List.copyOf(ca);
    }

    /** Every file that is read for these settings. */
    public List<Path> files() {
        List<Path> files = new ArrayList<>(ca);
        if (cert != null) {
            files.add(cert);
        }
        if (key != null) {
            files.add(key);
        }
        return files;
    }
}
