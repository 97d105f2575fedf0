package dev.gatehouse.tls;

import dev.gatehouse.config.tls.Handshake;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.util.List;

/** Which implementation of TLS runs. */
public enum TlsEngine {
    /** Several times faster in handshakes. */
    BORINGSSL("BoringSSL", SslProvider.OPENSSL),
    JDK("JDK", SslProvider.JDK);

    /** The versions that are offered and accepted. */
    static final List<String> VERSIONS = Handshake.VERSIONS;

    static final List<String> SUITES = Handshake.SUITES;

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

    /**
     * The engine that can do what a listener wants: BoringSSL always offers every suite of TLS 1.3, so a listener that
     * wants only some of them gets the engine of the Java runtime.
     */
    TlsEngine suitedTo(Handshake wanted) {
        boolean some = wanted.versions().contains(Handshake.TLS_1_3)
                && !wanted.suitesOfTls13().containsAll(Handshake.SUITES_1_3);
        return some ? JDK : this;
    }

    /** Name for the start-up output. */
    public String label() {
        return label;
    }

    SslProvider provider() {
        return provider;
    }
}
