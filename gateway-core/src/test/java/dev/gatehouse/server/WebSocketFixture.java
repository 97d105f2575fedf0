package dev.gatehouse.server;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A WebSocket service that repeats every frame, and clients for it, both with Netty's codecs. */
final class WebSocketFixture implements AutoCloseable {
    private static final int MAX_FRAME = 512 * 1024;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel listening;

    WebSocketFixture() {
        listening = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                // Pooled chunks would stay behind and count as memory of the gateway in other tests.
                .childOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec(), new HttpObjectAggregator(1024))
                                .addLast(new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
                                        .websocketPath("/ws")
                                        .subprotocols("chat")
                                        .maxFramePayloadLength(MAX_FRAME)
                                        .build()))
                                .addLast(new Echo());
                    }
                })
                .bind(new InetSocketAddress(NetUtil.LOCALHOST4, 0))
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Connects and waits for the handshake. */
    Client connect(int port, @Nullable SslContext tls) {
        Client client = new Client(port);
        new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast(new HttpClientCodec(), new HttpObjectAggregator(1024));
                        channel.pipeline().addLast(client.protocol, client);
                    }
                })
                .connect(new InetSocketAddress(NetUtil.LOCALHOST4, port))
                .syncUninterruptibly();
        return client;
    }

    @Override
    public void close() {
        listening.close().syncUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static final class Echo extends SimpleChannelInboundHandler<WebSocketFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            if (frame instanceof TextWebSocketFrame text && text.text().equals("bye")) {
                context.writeAndFlush(new CloseWebSocketFrame(1000, "bye")).addListener(ChannelFutureListener.CLOSE);
            } else {
                context.writeAndFlush(frame.retain());
            }
        }
    }

    /** One client; text frames that arrive are kept. */
    static final class Client extends SimpleChannelInboundHandler<WebSocketFrame> {
        private final WebSocketClientProtocolHandler protocol;
        final Queue<String> received = new ConcurrentLinkedQueue<>();
        private volatile @Nullable Channel channel;

        private Client(int port) {
            protocol = new WebSocketClientProtocolHandler(WebSocketClientProtocolConfig.newBuilder()
                    .webSocketUri(URI.create("ws://127.0.0.1:" + port + "/ws"))
                    .subprotocol("chat")
                    .customHeaders(new DefaultHttpHeaders().set("authorization", "Bearer t"))
                    .maxFramePayloadLength(MAX_FRAME)
                    .handleCloseFrames(false)
                    .dropPongFrames(false)
                    .build());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == WebSocketClientProtocolHandler.ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                channel = context.channel();
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            received.add(
                    frame instanceof TextWebSocketFrame text
                            ? text.text()
                            : frame.getClass().getSimpleName());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            received.add(cause.toString());
            context.close();
        }

        boolean isReady() {
            return channel != null;
        }

        boolean isOpen() {
            Channel open = channel;
            return open != null && open.isActive();
        }

        void send(WebSocketFrame frame) {
            Channel open = channel;
            if (open == null) {
                frame.release();
                throw new IllegalStateException("no handshake yet");
            }
            open.writeAndFlush(frame);
        }

        void close() {
            Channel open = channel;
            if (open != null) {
                open.close().syncUninterruptibly();
            }
        }
    }
}
