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
 * @param cert PEM file of the client certificate chain, or PKCS #12 file of chain and key; null = none
 * @param key PEM file of its key; null = none, or in the PKCS #12 file
 * @param serverName name for SNI and verification; null = the host of the target
 * @param passphrase opens the key when it is encrypted; null = it is not
 * @param minVersion oldest version that is spoken
 */
public record TlsSettings(
        boolean verify,
        List<Path> ca,
        @Nullable Path cert,
        @Nullable Path key,
        @Nullable String serverName,
        @Nullable Passphrase passphrase,
        Version minVersion) {
    /** Opens a key; prints as {@code ***}. */
    public record Passphrase(String reveal) {
        @Override
        public String toString() {
            return "***";
        }
    }

    /** Versions of TLS; the older ones are retired (RFC 8996). */
    public enum Version {
        TLS_1_2,
        TLS_1_3
    }

    /** Verifies against the authorities of the Java runtime. */
    public static final TlsSettings DEFAULT = new TlsSettings(true, List.of(), null, null, null);

    public TlsSettings {
        ca = List.copyOf(ca);
    }

    /** With a key that is not encrypted, and every version that is safe. */
    public TlsSettings(
            boolean verify, List<Path> ca, @Nullable Path cert, @Nullable Path key, @Nullable String serverName) {
        this(verify, ca, cert, key, serverName, null, Version.TLS_1_2);
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
