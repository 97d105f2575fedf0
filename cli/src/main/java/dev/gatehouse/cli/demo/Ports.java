package dev.gatehouse.cli.demo;

import dev.gatehouse.admin.LocalServer;
import dev.gatehouse.admin.Resource;
import dev.gatehouse.transport.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletionException;

/** Where the demo listens: its usual ports, or free ones. Loopback only. */
final class Ports {
    private final Transport transport;

    Ports(Transport transport) {
        this.transport = transport;
    }

    /** Opens a server on {@code port}, or on a free one when that is taken. Blocks; main thread only. */
    LocalServer open(int port, Resource resource) {
        try {
            return bind(port, resource);
        } catch (CompletionException taken) {
            return bind(0, resource);
        }
    }

    /** {@code port} when it is free, else 0. The answer may be out of date when it is used. */
    static int freeOrAny(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, loopback(port).getAddress())) {
            return probe.getLocalPort();
        } catch (IOException taken) {
            return 0;
        }
    }

    private LocalServer bind(int port, Resource resource) {
        return LocalServer.open(transport, loopback(port), resource)
                .toCompletableFuture()
                .join();
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
