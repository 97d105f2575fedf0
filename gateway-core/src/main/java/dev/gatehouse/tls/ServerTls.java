package dev.gatehouse.tls;

import dev.gatehouse.config.HttpsConfig;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a listener: which certificate is shown for which server name, and what is asked of clients. Safe on any thread.
 *
 * <p>Patterns are tried in file order, then {@code default}; when nothing fits the handshake fails. {@link #reload} swaps
 * the key material for connections that are accepted from then on.
 */
public final class ServerTls {
    /**
     * What is known of a client after the handshake.
     *
     * @param certificate what it presented; null = nothing
     * @param trusted whether that is verified against the configured authorities
     * @param serverName the name it asked for; null = none
     */
    public record Client(
            @Nullable X509Certificate certificate,
            boolean trusted,
            @Nullable String serverName) {}

    private final TlsEngine engine;
    // Written by the control thread, read once by each new connection.
    private volatile List<ServerIdentity> identities;

    private ServerTls(TlsEngine engine, List<ServerIdentity> identities) {
        this.engine = engine;
        this.identities = identities;
    }

    /**
     * Reads all key material. Control thread.
     *
     * @throws TlsProblem when a file cannot be used
     */
    public static ServerTls load(HttpsConfig config, TlsEngine engine) {
        return new ServerTls(engine, read(config, engine));
    }

    /** Everything that is wrong with the key material, one sentence each; empty = nothing. Control thread. */
    public static List<String> problems(HttpsConfig config) {
        List<String> problems = new ArrayList<>();
        for (HttpsConfig.Certificate certificate : config.certificates()) {
            try {
                ServerIdentity.read(certificate, config, TlsEngine.JDK);
            } catch (TlsProblem problem) {
                problems.add(problem.getMessage());
            }
        }
        return problems;
    }

    /** Key material that was read and is not shown yet. */
    public final class Fresh {
        private final List<ServerIdentity> read;

        private Fresh(List<ServerIdentity> read) {
            this.read = read;
        }

        /** Shows it from the next connection on; connections that exist keep what they have. Control thread. */
        public void show() {
            identities = read;
        }
    }

    /**
     * Reads key material again without showing it. Control thread.
     *
     * @throws TlsProblem when a file cannot be used; the earlier material stays
     */
    public Fresh read(HttpsConfig config) {
        return new Fresh(read(config, engine));
    }

    /**
     * Reads the key material again; connections that exist keep what they have. Control thread.
     *
     * @throws TlsProblem when a file cannot be used; the earlier material stays
     */
    public void reload(HttpsConfig config) {
        read(config).show();
    }

    /**
     * The first handler of a new connection; it puts the real one in its place when the client has said which name it
     * wants. Event loop.
     *
     * @param handshakeTimeout bound from the first byte to the end of the handshake
     */
    public ChannelHandler handler(Duration handshakeTimeout) {
        return new NameSelection(identities, handshakeTimeout.toMillis());
    }

    /** What is known of the client of a connection whose handshake is done. Event loop. */
    public static Client client(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        ServerIdentity identity = channel.attr(NameSelection.IDENTITY).get();
        if (tls == null || identity == null) {
            return new Client(null, false, null);
        }
        String serverName = channel.attr(NameSelection.SERVER_NAME).get();
        try {
            Certificate[] chain = tls.engine().getSession().getPeerCertificates();
            X509Certificate[] presented = new X509Certificate[chain.length];
            for (int i = 0; i < chain.length; i++) {
                presented[i] = (X509Certificate) chain[i];
            }
            return new Client(presented[0], identity.trusts(presented), serverName);
        } catch (SSLPeerUnverifiedException e) {
            return new Client(null, false, serverName);
        }
    }

    private static List<ServerIdentity> read(HttpsConfig config, TlsEngine engine) {
        List<ServerIdentity> identities = new ArrayList<>();
        for (HttpsConfig.Certificate certificate : config.certificates()) {
            identities.add(ServerIdentity.read(certificate, config, engine));
        }
        return List.copyOf(identities);
    }
}
