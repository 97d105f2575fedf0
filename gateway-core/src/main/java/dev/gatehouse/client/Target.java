package dev.gatehouse.client;

import org.jspecify.annotations.Nullable;

/**
 * A peer that the gateway connects to. Equal targets share pooled connections.
 *
 * @param host name or address literal, without brackets
 * @param port 1 to 65535
 * @param tls null = cleartext
 * @param way how connections get there
 */
public record Target(String host, int port, @Nullable TlsSettings tls, Way way) {
    /** A target that is connected to directly. */
    public Target(String host, int port, @Nullable TlsSettings tls) {
        this(host, port, tls, Way.DIRECT);
    }

    /** {@code host:port}, or {@code host} alone for the scheme's default port: the value of a Host field. */
    public String authority() {
        String name = host.indexOf(':') >= 0 ? '[' + host + ']' : host;
        return port == (tls == null ? 80 : 443) ? name : name + ':' + port;
    }

    /** The proxy that takes requests in absolute form; null when the target is reached directly or by a tunnel. */
    public @Nullable ForwardProxy relay() {
        return tls == null ? way.proxy() : null;
    }

    /** The authority and the way there, for metrics and logs. */
    public String label() {
        if (way.proxy() != null) {
            return authority() + " via " + way.proxy();
        }
        if (way.socket() != null) {
            return authority() + " at " + way.socket();
        }
        return way.from() == null
                ? authority()
                : authority() + " from " + way.from().getHostAddress();
    }
}
