package dev.gatehouse.runtime;

import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a listener is to accept, as written.
 *
 * @param protocol {@code http} or {@code https}
 * @param host null = all addresses
 * @param port 0 = any free one
 */
record BindAddress(String protocol, @Nullable String host, int port) {
    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "[::]");

    /** Whether both cannot be open at a time; {@code boundPort} is the port that the other one really has. */
    boolean overlaps(BindAddress other, int boundPort) {
        return port != 0
                && port == boundPort
                && (isWildcard() || other.isWildcard() || Objects.equals(host, other.host));
    }

    /** @throws StartFailure when the host has no address */
    InetSocketAddress resolve() throws StartFailure {
        if (host == null) {
            return new InetSocketAddress(port);
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new StartFailure("the " + protocol + " listener cannot use '" + host + "': no such address", e);
        }
    }

    /** Why it could not be bound. */
    String reason(Throwable cause) {
        String where = (host == null ? "" : host + ':') + port;
        if (cause instanceof BindException || String.valueOf(cause.getMessage()).contains("in use")) {
            return "the " + protocol + " listener cannot use port " + where + ": it is in use";
        }
        return "the " + protocol + " listener cannot use port " + where + ": " + cause.getMessage();
    }

    private boolean isWildcard() {
        return host == null || WILDCARDS.contains(host);
    }
}
