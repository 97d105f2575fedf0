package dev.gatehouse.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.util.List;

/** Which implementation of TLS runs. */
public enum TlsEngine {
    /** Several times faster in handshakes. */
    BORINGSSL("BoringSSL", SslProvider.OPENSSL),
    JDK("JDK", SslProvider.JDK);

    /** The versions that are offered and accepted (RFC 8996 retires the older ones). */
    static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    /** Forward-secret suites with authenticated encryption only (RFC 9325 section 4.2). */
    static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final String NO_RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

    static {
        // The JDK lets a client of TLS 1.2 renegotiate at will, which costs the server far more than the client; it
        // reads the property when its first TLS context is made. BoringSSL refuses by itself. An operator's word wins.
        if (System.getProperty(NO_RENEGOTIATION) == null) {
            System.setProperty(NO_RENEGOTIATION, "true");
        }
    }

    private final String label;
    private final SslProvider provider;

    TlsEngine(String label, SslProvider provider) {
        this.label = label;
        this.provider = provider;
    }

    /** BoringSSL where its native library loads, else the engine of the Java runtime. */
    public static TlsEngine detect() {
        return OpenSsl.isAvailable() ? BORINGSSL : JDK;
    }

    /** Name for the start-up output. */
    public String label() {
        return label;
    }

    SslProvider provider() {
        return provider;
    }
}
