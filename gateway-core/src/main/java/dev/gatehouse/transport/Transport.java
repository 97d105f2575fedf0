package dev.gatehouse.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channel classes and event loops that belong together.
 *
 * @param name {@code epoll} or {@code nio}, for the start-up output
 * @param io makes the I/O part of an event loop
 * @param local connections to Unix domain sockets
 * @param localAddress the address of such a socket
 */
public record Transport(
        String name,
        IoHandlerFactory io,
        Class<? extends ServerSocketChannel> server,
        Class<? extends SocketChannel> client,
        Class<? extends DatagramChannel> datagram,
        Class<? extends Channel> local,
        Function<Path, SocketAddress> localAddress) {
    private static final Logger LOG = LoggerFactory.getLogger(Transport.class);

    /** Epoll where its native library loads, else NIO. io_uring is never picked: its natives lag behind the classes. */
    public static Transport detect() {
        return Epoll.isAvailable() && isUsable() ? epoll() : nio();
    }

    /** Whether library and classes fit together: a mix of versions loads, and fails at the first connection. */
    private static boolean isUsable() {
        try {
            Class.forName("io.netty.channel.unix.Errors");
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            LOG.warn("the native transport does not fit its classes, NIO is used instead: {}", e.toString());
            return false;
        }
    }

    public static Transport nio() {
        return new Transport(
                "nio",
                NioIoHandler.newFactory(),
                NioServerSocketChannel.class,
                NioSocketChannel.class,
                NioDatagramChannel.class,
                NioDomainSocketChannel.class,
                UnixDomainSocketAddress::of);
    }

    private static Transport epoll() {
        return new Transport(
                "epoll",
                EpollIoHandler.newFactory(),
                EpollServerSocketChannel.class,
                EpollSocketChannel.class,
                EpollDatagramChannel.class,
                EpollDomainSocketChannel.class,
                path -> new DomainSocketAddress(path.toString()));
    }

    /** New event loops; the caller shuts them down. */
    public EventLoopGroup group(int threads) {
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("gateway-loop", true), io);
    }
}
