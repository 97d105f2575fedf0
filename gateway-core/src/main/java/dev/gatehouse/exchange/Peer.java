package dev.gatehouse.exchange;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of a connection.
 *
 * @param remote the client's socket address
 * @param local the address that it connected to
 * @param secure whether the connection is TLS
 * @param certificate the certificate that the client presented; null = none
 * @param certificateTrusted whether it was verified against the configured authorities
 */
public record Peer(
        InetSocketAddress remote,
        InetSocketAddress local,
        boolean secure,
        @Nullable X509Certificate certificate,
        boolean certificateTrusted) {}
