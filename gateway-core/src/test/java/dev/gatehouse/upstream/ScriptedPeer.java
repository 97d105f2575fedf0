package dev.gatehouse.upstream;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * A server on the loopback interface that does with raw bytes exactly what a script says.
 *
 * <p>Each accepted connection takes the next script; each request on it (head and body, by length or chunks) takes the
 * next step of that script. A connection without a script answers every request with {@link #OK}.
 */
public final class ScriptedPeer implements AutoCloseable {
    /** An ordinary answer with the body {@code hello}. */
    public static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    /** What the peer does; runs on its event loop. */
    @FunctionalInterface
    public interface Step {
        void run(Connection connection);
    }

    /** One accepted connection. */
    public static final class Connection {
        private static final byte[] PIECE = new byte[16 * 1024];

        private final Channel channel;
        private final List<String> requests = new CopyOnWriteArrayList<>();
        private final AtomicLong received = new AtomicLong();
        private volatile @Nullable String clientName;

        private Connection(Channel channel) {
            this.channel = channel;
        }

        /** Sends text, one byte per character. */
        public void send(String text) {
            channel.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
        }

        public void send(byte[] bytes) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(bytes));
        }

        /** Sends text in pieces of one byte, each in a packet of its own as far as the system allows. */
        public void drip(String text) {
            drip(text, 0);
        }

        private void drip(String text, int index) {
            if (index < text.length()) {
                send(text.substring(index, index + 1));
                channel.eventLoop().schedule(() -> drip(text, index + 1), 1, TimeUnit.MILLISECONDS);
            }
        }

        /** Sends zeros as fast as they are taken; {@code sent} counts what was given to the system or waits for it. */
        public void pump(long bytes, AtomicLong sent) {
            while (sent.get() < bytes && channel.isWritable()) {
                int piece = (int) Math.min(PIECE.length, bytes - sent.get());
                channel.writeAndFlush(Unpooled.wrappedBuffer(PIECE, 0, piece));
                sent.addAndGet(piece);
            }
            if (sent.get() < bytes && channel.isActive()) {
                later(1, () -> pump(bytes, sent));
            }
        }

        /** Subject of the certificate that the other side showed with its first request; null = none. */
        public @Nullable String clientName() {
            return clientName;
        }

        private void identify() {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls == null || clientName != null) {
                return;
            }
            try {
                X509Certificate shown =
                        (X509Certificate) tls.engine().getSession().getPeerCertificates()[0];
                clientName = shown.getSubjectX500Principal().getName();
            } catch (SSLPeerUnverifiedException e) {
                clientName = null;
            }
        }

        public void close() {
            channel.close();
        }

        /** Ends the connection with a reset instead of an orderly close. */
        public void reset() {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.unsafe().close(channel.unsafe().voidPromise());
        }

        /** Ends the connection below TLS, without the close notification of TLS. */
        public void cut() {
            channel.unsafe().close(channel.unsafe().voidPromise());
        }

        /** Stops reading: what the other side sends stays in its buffers. */
        public void stopReading() {
            channel.config().setAutoRead(false);
        }

        public void startReading() {
            channel.config().setAutoRead(true);
        }

        public void later(long millis, Runnable task) {
            channel.eventLoop().schedule(task, millis, TimeUnit.MILLISECONDS);
        }

        /** Complete requests, head and body as received. */
        public List<String> requests() {
            return requests;
        }

        /** Bytes received so far. */
        public long received() {
            return received.get();
        }

        public boolean isOpen() {
            return channel.isActive();
        }

        public Channel channel() {
            return channel;
        }
    }

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Queue<List<Step>> scripts = new ConcurrentLinkedQueue<>();
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private final Channel listening;
    private volatile boolean atHead;
    private volatile Step otherwise = send(OK);

    private ScriptedPeer(@Nullable SslContext tls, Consumer<Connection> onAccept) {
        listening = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        List<Step> script = scripts.poll();
                        Connection connection = new Connection(channel);
                        connections.add(connection);
                        channel.pipeline().addLast(new Reader(connection, script == null ? List.of() : script));
                        onAccept.accept(connection);
                    }
                })
                .bind(new InetSocketAddress(NetUtil.LOCALHOST4, 0))
                .syncUninterruptibly()
                .channel();
    }

    public static ScriptedPeer start() {
        return new ScriptedPeer(null, connection -> {});
    }

    public static ScriptedPeer startTls(SslContext tls) {
        return new ScriptedPeer(tls, connection -> {});
    }

    /** Adds a script for the next connection that has none. */
    public ScriptedPeer script(Step... steps) {
        scripts.add(List.of(steps));
        return this;
    }

    /** Runs steps when the head of a request is complete, without waiting for its body. */
    public ScriptedPeer answerAtHead() {
        atHead = true;
        return this;
    }

    /** What is done for requests beyond the scripts, instead of answering {@link #OK}. */
    public ScriptedPeer otherwise(Step step) {
        otherwise = step;
        return this;
    }

    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    public List<Connection> connections() {
        return connections;
    }

    /** All requests on all connections, in the order in which the connections were accepted. */
    public List<String> requests() {
        List<String> all = new ArrayList<>();
        connections.forEach(connection -> all.addAll(connection.requests()));
        return all;
    }

    /** A step that sends text. */
    public static Step send(String text) {
        return connection -> connection.send(text);
    }

    /** A step that sends text and closes. */
    public static Step sendAndClose(String text) {
        return connection -> {
            connection.send(text);
            connection.close();
        };
    }

    /** Closes all connections and the port; may be called again. */
    @Override
    public void close() {
        if (group.isShuttingDown()) {
            return;
        }
        listening.close().syncUninterruptibly();
        connections.forEach(connection -> connection.channel().close().syncUninterruptibly());
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Cuts the incoming bytes into requests, as far as well-formed ones go. */
    private final class Reader extends ChannelInboundHandlerAdapter {
        private final Connection connection;
        private final List<Step> script;
        private final StringBuilder pending = new StringBuilder();
        private boolean headAnswered;
        private int next;

        private Reader(Connection connection, List<Step> script) {
            this.connection = connection;
            this.script = script;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            connection.received.addAndGet(bytes.readableBytes());
            if (!headAnswered) {
                pending.append(bytes.toString(StandardCharsets.ISO_8859_1));
            }
            bytes.release();
            int end;
            while (!headAnswered && (end = endOfRequest()) > 0) {
                connection.identify();
                connection.requests.add(pending.substring(0, end));
                pending.delete(0, end);
                headAnswered = atHead;
                Step step = next < script.size() ? script.get(next) : otherwise;
                next++;
                step.run(connection);
            }
        }

        private int endOfRequest() {
            int head = pending.indexOf("\r\n\r\n") + 4;
            if (head < 4 || atHead) {
                return head < 4 ? -1 : head;
            }
            String fields = pending.substring(0, head).toLowerCase(Locale.ROOT);
            int length = fields.indexOf("\r\ncontent-length: ");
            if (length >= 0) {
                int from = length + "\r\ncontent-length: ".length();
                int end = head + Integer.parseInt(fields.substring(from, fields.indexOf("\r\n", from)));
                return pending.length() >= end ? end : -1;
            }
            if (fields.contains("\r\ntransfer-encoding: chunked\r\n")) {
                int end = pending.indexOf("0\r\n\r\n", head);
                return end < 0 ? -1 : end + 5;
            }
            return head;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
