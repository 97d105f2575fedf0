package dev.gatehouse.client;

import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy that requests to a service go through: in absolute form to a cleartext service (RFC 9112 section
 * 3.2.2), through a tunnel to one with TLS (RFC 9110 section 9.3.6), so that the proxy never sees what is in it.
 *
 * @param host name or address literal, without brackets
 * @param port 1 to 65535
 * @param tls how the proxy itself is spoken to; null = cleartext
 * @param authorization value of the Proxy-Authorization field; null = none. A secret: it goes to the proxy only
 */
public record ForwardProxy(
        String host,
        int port,
        @Nullable TlsSettings tls,
        @Nullable String authorization) {
    /** The proxy as the peer of a connection. */
    public Target asTarget() {
        return new Target(host, port, tls);
    }

    /** Scheme and place, without the credentials. */
    @Override
    public String toString() {
        return (tls == null ? "http://" : "https://") + asTarget().authority();
    }
}
