package dev.gatehouse.config.tls;

import dev.gatehouse.config.bind.Secret;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a TLS handshake with a client may agree on.
 *
 * @param versions the newest first, never one before TLS 1.2
 * @param suites cipher suites by their IANA names, the preferred first; never a weak one
 * @param serverOrder whether the order of {@code suites} decides, not that of the client
 * @param curves groups for the key exchange by their Java names, the preferred first; empty = those of the TLS engine
 * @param passphrase opens encrypted private keys; null = keys are not encrypted
 */
public record Handshake(
        List<String> versions,
        List<String> suites,
        boolean serverOrder,
        List<String> curves,
        @Nullable Secret passphrase) {
    public static final String TLS_1_2 = "TLSv1.2";
    public static final String TLS_1_3 = "TLSv1.3";

    /** The versions there are (RFC 8996 retires the older ones). */
    public static final List<String> VERSIONS = List.of(TLS_1_3, TLS_1_2);

    /** The suites of TLS 1.3. */
    public static final List<String> SUITES_1_3 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    /** Forward-secret suites of TLS 1.2 with authenticated encryption only (RFC 9325 section 4.2). */
    public static final List<String> SUITES_1_2 = List.of(
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** All of the above. */
    public static final List<String> SUITES =
            Stream.concat(SUITES_1_3.stream(), SUITES_1_2.stream()).toList();

    /** What holds when no option is written. */
    public static final Handshake STANDARD = new Handshake(VERSIONS, SUITES, true, List.of(), null);

    public Handshake {
        versions = List.copyOf(versions);
        suites = List.copyOf(suites);
        curves = List.copyOf(curves);
    }

    /** The suites of TLS 1.3 among {@link #suites}. */
    public List<String> suitesOfTls13() {
        return suites.stream().filter(SUITES_1_3::contains).toList();
    }
}
