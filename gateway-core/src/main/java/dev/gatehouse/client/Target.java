package dev.gatehouse.client;

import org.jspecify.annotations.Nullable;

/**
 * A peer that the gateway connects to. Equal targets share pooled connections.
 *
 * @param host name or address literal, without brackets
 * @param port 1 to 65535
 * @param tls null = cleartext
 */
public record Target(String host, int port, @Nullable TlsSettings tls) {
    /** {@code host:port}, or {@code host} alone for the scheme's default port: the value of a Host field. */
    public String authority() {
        String name = host.indexOf(':') >= 0 ? '[' + host + ']' : host;
        return port == (tls == null ? 80 : 443) ? name : name + ':' + port;
    }
}
