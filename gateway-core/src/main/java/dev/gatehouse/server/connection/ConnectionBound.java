package dev.gatehouse.server.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** How many client connections there may be at a time. Safe on any thread: one counter, changed atomically. */
public final class ConnectionBound {
    private static final byte[] FULL = ("HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\n"
                    + "content-type: text/plain; charset=utf-8\r\ncontent-length: 19\r\n\r\nService Unavailable")
            .getBytes(StandardCharsets.US_ASCII);

    // Written by the control thread, read by every loop that accepts.
    private volatile int max;
    private final AtomicInteger open = new AtomicInteger();

    public ConnectionBound(int max) {
        this.max = max;
    }

    /** Applies another bound to connections that are accepted from now on. */
    public void limit(int other) {
        max = other;
    }

    /** Counts a connection until it closes; one too many is told so and closed. */
    public boolean admit(Channel connection) {
        open.incrementAndGet();
        connection.closeFuture().addListener(closed -> open.decrementAndGet());
        if (open.get() <= max) {
            return true;
        }
        ByteBuf reply = Unpooled.wrappedBuffer(FULL);
        connection.writeAndFlush(reply).addListener(ChannelFutureListener.CLOSE);
        return false;
    }

    /** Connections that are open now. */
    public int open() {
        return open.get();
    }
}
