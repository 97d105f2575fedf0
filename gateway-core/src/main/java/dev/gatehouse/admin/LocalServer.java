package dev.gatehouse.admin;

import dev.gatehouse.transport.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A small HTTP/1.1 server for the gateway's own listeners: whole requests with bounded bodies, one at a time for each
 * connection, a bounded number of connections, and a bound on silence. Traffic never passes here.
 */
public final class LocalServer implements AutoCloseable {
    /** Largest request body; a larger one is answered with 413. */
    public static final int MAX_BODY_BYTES = 100 * 1024;

    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_CONNECTIONS = 256;
    private static final int IDLE_SECONDS = 30;

    private final EventLoopGroup loops;
    private final ChannelGroup connections;
    private final Channel server;

    private LocalServer(EventLoopGroup loops, ChannelGroup connections, Channel server) {
        this.loops = loops;
        this.connections = connections;
        this.server = server;
    }

    /**
     * Opens a listener with an event loop of its own.
     *
     * @param address where; port 0 takes any free one
     * @return completes with the open server, or exceptionally when the address cannot be bound
     */
    public static CompletionStage<LocalServer> open(Transport transport, InetSocketAddress address, Resource resource) {
        EventLoopGroup loops = transport.group(1);
        CompletableFuture<LocalServer> opened = new CompletableFuture<>();
        ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(transport.server())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Connections(connections, resource));
        bootstrap.bind(address).addListener((ChannelFuture bound) -> {
            if (bound.isSuccess()) {
                opened.complete(new LocalServer(loops, connections, bound.channel()));
            } else {
                loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
                opened.completeExceptionally(bound.cause());
            }
        });
        return opened;
    }

    /** The address that is really bound. */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.localAddress();
    }

    /** Closes the listener and its connections; does not wait. */
    @Override
    public void close() {
        server.close();
        connections.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static final class Connections extends ChannelInitializer<Channel> {
        private final ChannelGroup open;
        private final Resource resource;

        Connections(ChannelGroup open, Resource resource) {
            this.open = open;
            this.resource = resource;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (open.size() >= MAX_CONNECTIONS) {
                channel.close();
                return;
            }
            open.add(channel);
            channel.pipeline()
                    .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS))
                    .addLast(new HttpServerCodec(new HttpDecoderConfig().setMaxHeaderSize(MAX_HEADER_BYTES)))
                    .addLast(new HttpObjectAggregator(MAX_BODY_BYTES, true))
                    .addLast(new CallReader(resource));
        }
    }
}
