package dev.gatehouse.server.connection;

import dev.gatehouse.exchange.Peer;
import dev.gatehouse.tls.ServerTls;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What policies may know of the client's end of a connection. */
public final class Peers {
    private Peers() {}

    /** Describes one end of {@code connection}; {@code tls} null = cleartext. */
    public static Peer of(Channel connection, ServerTls.@Nullable Client tls) {
        return new Peer(
                (InetSocketAddress) connection.remoteAddress(),
                (InetSocketAddress) connection.localAddress(),
                tls != null,
                tls == null ? null : tls.certificate(),
                tls != null && tls.trusted());
    }
}
