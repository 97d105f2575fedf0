package dev.gatehouse.client;

import java.net.InetAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How connections reach a target, where that is not simply host and port.
 *
 * @param proxy a proxy in between; null = none
 * @param from source address of the connection; null = the system chooses
 * @param socket a Unix domain socket that is connected to instead of host and port; null = none
 */
public record Way(
        @Nullable ForwardProxy proxy,
        @Nullable InetAddress from,
        @Nullable Path socket) {
    /** Nothing in between. */
    public static final Way DIRECT = new Way(null, null, null);

    public Way {
        if (socket != null && (proxy != null || from != null)) {
            throw new IllegalArgumentException("socket: stands alone (expected: no proxy, no source address)");
        }
    }

    /** Over a proxy, from an address; null = without. */
    public static Way over(@Nullable ForwardProxy proxy, @Nullable InetAddress from) {
        return proxy == null && from == null ? DIRECT : new Way(proxy, from, null);
    }

    public static Way socket(Path socket) {
        return new Way(null, null, socket);
    }

    /** The way to another host that this one points to: over the same proxy, from the same address, by no socket. */
    public Way elsewhere() {
        return over(proxy, from);
    }
}
