package dev.gatehouse.runtime;

import java.net.InetSocketAddress;

/**
 * A listener that accepts connections.
 *
 * @param protocol {@code http} or {@code https}
 */
public record Bound(String protocol, InetSocketAddress address) {}
