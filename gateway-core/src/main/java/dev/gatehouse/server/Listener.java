package dev.gatehouse.server;

import dev.gatehouse.config.LimitsConfig;
import dev.gatehouse.exchange.Peer;
import dev.gatehouse.server.connection.ConnectionBound;
import dev.gatehouse.server.connection.ConnectionEvent;
import dev.gatehouse.server.connection.Peers;
import dev.gatehouse.server.request.RequestDecoder;
import dev.gatehouse.server.response.ResponseEncoder;
import dev.gatehouse.tls.ServerTls;
import dev.gatehouse.transport.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A bound address and the connections that it accepted. Knows no routes. */
public final class Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    private final Transport transport;
    private final EventLoopGroup loops;
    private final Function<EventLoop, ServerLoop> shared;
    private final @Nullable ServerTls tls;
    private final ConnectionBound bound;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private @Nullable Channel channel;

    /**
     * Prepares a listener.
     *
     * @param shared what the connections of a loop share
     * @param tls null = cleartext
     * @param bound counts the connections of all listeners
     */
    public Listener(
            Transport transport,
            EventLoopGroup loops,
            Function<EventLoop, ServerLoop> shared,
            @Nullable ServerTls tls,
            ConnectionBound bound) {
        this.transport = transport;
        this.loops = loops;
        this.shared = shared;
        this.tls = tls;
        this.bound = bound;
    }

    /** Binds. The future fails when the address is in use or not allowed. Control thread. */
    public ChannelFuture bind(SocketAddress address) {
        ChannelFuture future = new ServerBootstrap()
                .group(loops)
                .channel(transport.server())
                .option(ChannelOption.SO_BACKLOG, 4096)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new Initializer())
                .bind(address);
        channel = future.channel();
        return future;
    }

    /** The bound address. */
    public InetSocketAddress address() {
        Channel open = channel;
        if (open == null || open.localAddress() == null) {
            throw new IllegalStateException("the listener is not bound");
        }
        return (InetSocketAddress) open.localAddress();
    }

    /** Accepts nothing more; accepted connections go on. */
    public ChannelFuture stopAccepting() {
        Channel open = channel;
        if (open == null) {
            throw new IllegalStateException("the listener is not bound");
        }
        return open.close();
    }

    /** Closes idle connections; the others close after their current response. */
    public void drain() {
        for (Channel connection : connections) {
            connection.eventLoop().execute(() -> connection.pipeline().fireUserEventTriggered(ConnectionEvent.DRAIN));
        }
    }

    /** Whether any accepted connection is open. */
    public boolean hasConnections() {
        return !connections.isEmpty();
    }

    /** Closes every connection, whatever it is doing. */
    public void closeConnections() {
        connections.close();
    }

    private final class Initializer extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel connection) {
            if (!bound.admit(connection)) {
                return;
            }
            connections.add(connection);
            if (tls != null) {
                LimitsConfig limits =
                        shared.apply(connection.eventLoop()).served().get().limits();
                connection.pipeline().addLast(tls.handler(limits.tlsHandshakeTimeoutMs()));
            }
            connection.pipeline().addLast(new Opening());
        }
    }

    /** Puts the HTTP handlers in place when the connection is ready for its first request. */
    private final class Opening extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (tls == null) {
                open(context, Peers.of(context.channel(), null));
            } else {
                context.read();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            // The handshake goes on until it succeeds or its time is over.
            context.read();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
                open(context, Peers.of(context.channel(), ServerTls.client(context.channel())));
            } else if (event == ConnectionEvent.DRAIN || event instanceof ChannelInputShutdownEvent) {
                context.close();
            } else {
                context.fireUserEventTriggered(event);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug("handshake failed: {}", cause.toString());
            context.close();
        }

        private void open(ChannelHandlerContext context, Peer peer) {
            Channel connection = context.channel();
            ServerLoop loop = shared.apply(connection.eventLoop());
            LimitsConfig limits = loop.served().get().limits();
            ResponseEncoder encoder = new ResponseEncoder();
            HttpConnection http = new HttpConnection(connection, loop, peer, encoder);
            context.pipeline()
                    .addLast(new RequestDecoder(limits, http::bytesArrived), encoder, http)
                    .remove(this);
            http.start();
        }
    }
}
