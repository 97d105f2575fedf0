package dev.gatehouse.tls;

import dev.gatehouse.config.HttpsConfig;
import dev.gatehouse.config.tls.Handshake;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** One certificate of a listener, the names it is for, and whom it trusts as a client. Immutable. */
final class ServerIdentity {
    private static final String DEFAULT = "default";

    private final String pattern;
    private final SslContext context;
    private final @Nullable X509TrustManager clients;
    private final EngineSettings settings;

    private ServerIdentity(
            String pattern, SslContext context, @Nullable X509TrustManager clients, EngineSettings settings) {
        this.pattern = pattern;
        this.context = context;
        this.clients = clients;
        this.settings = settings;
    }

    /** @throws TlsProblem naming the pattern and the file */
    static ServerIdentity read(HttpsConfig.Certificate certificate, HttpsConfig config, TlsEngine detected) {
        Handshake handshake = config.handshake();
        TlsEngine engine = detected.suitedTo(handshake);
        try {
            KeyMaterial material = KeyMaterial.read(certificate.cert(), certificate.key(), handshake.passphrase());
            SslContextBuilder builder = SslContextBuilder.forServer(material.key(), material.chain())
                    .sslProvider(engine.provider())
                    .protocols(handshake.versions())
                    .ciphers(handshake.suites(), SupportedCipherSuiteFilter.INSTANCE)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_1_1));
            EngineSettings settings = EngineSettings.of(handshake, engine, builder);
            X509TrustManager clients = config.requestCert() ? ClientTrust.of(certificate.ca()) : null;
            if (clients != null) {
                ask(builder, clients, config.rejectUnauthorized());
            }
            String pattern = certificate.pattern().toLowerCase(Locale.ROOT);
            return new ServerIdentity(pattern, builder.build(), clients, settings);
        } catch (SSLException | IllegalArgumentException e) {
            throw new TlsProblem("tls \"" + certificate.pattern() + "\": " + e.getMessage(), e);
        }
    }

    private static void ask(SslContextBuilder builder, X509TrustManager clients, boolean reject) {
        if (reject) {
            builder.clientAuth(ClientAuth.REQUIRE).trustManager(clients);
        } else {
            // Express Gateway lets the handshake pass and leaves the decision to a condition.
            builder.clientAuth(ClientAuth.OPTIONAL).trustManager(ClientTrust.undecided(clients));
        }
    }

    /** A handler for one connection. */
    SslHandler handler(ByteBufAllocator allocator) {
        SslHandler handler = context.newHandler(allocator);
        settings.apply(handler.engine());
        return handler;
    }

    boolean isDefault() {
        return DEFAULT.equals(pattern);
    }

    /** Whether a name fits the pattern, in which a star stands for any run of characters, dots included. */
    boolean matches(String name) {
        return !isDefault() && fits(name.toLowerCase(Locale.ROOT));
    }

    boolean trusts(X509Certificate[] presented) {
        if (clients == null) {
            return false;
        }
        try {
            clients.checkClientTrusted(presented, presented[0].getPublicKey().getAlgorithm());
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    /** Linear in the name for each star: the last star takes one more character whenever the rest does not fit. */
    private boolean fits(String name) {
        int at = 0;
        int in = 0;
        int star = -1;
        int taken = 0;
        while (in < name.length()) {
            if (at < pattern.length() && pattern.charAt(at) == '*') {
                star = at++;
                taken = in;
            } else if (at < pattern.length() && pattern.charAt(at) == name.charAt(in)) {
                at++;
                in++;
            } else if (star >= 0) {
                at = star + 1;
                in = ++taken;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        return at == pattern.length();
    }
}
