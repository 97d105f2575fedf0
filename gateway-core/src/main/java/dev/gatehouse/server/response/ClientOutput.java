package dev.gatehouse.server.response;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * What is written to a client. Nothing is flushed until {@link #flush}, so that a burst costs one system call; only
 * interim answers go out at once, because somebody waits for them.
 */
public final class ClientOutput {
    private final Channel channel;
    private final ResponseEncoder encoder;
    private boolean dirty;

    public ClientOutput(Channel channel, ResponseEncoder encoder) {
        this.channel = channel;
        this.encoder = encoder;
    }

    /** An answer before the answer; goes out at once. */
    public void interim(HttpResponse interim) {
        complete(interim.status(), interim.headers(), false);
    }

    /** The client waits for a word before it sends its body. */
    public void goOn() {
        complete(HttpResponseStatus.CONTINUE, new DefaultHttpHeaders(), false);
    }

    /** The last thing that is said in HTTP. */
    public void switching(HttpResponse head, boolean preserveCase) {
        complete(head.status(), head.headers(), preserveCase);
    }

    /** Begins a response. {@code toHead}: the request was HEAD, so that no body follows. */
    public void head(HttpResponse head, boolean toHead, boolean preserveCase) {
        encoder.next(toHead, preserveCase);
        channel.write(head, channel.voidPromise());
        dirty = true;
    }

    /** Takes {@code data}. */
    public void data(ByteBuf data) {
        channel.write(new DefaultHttpContent(data), channel.voidPromise());
        dirty = true;
    }

    /** Ends a response; trailers only behind a body in chunks. */
    public void end(HttpHeaders trailers) {
        channel.write(
                trailers.isEmpty()
                        ? LastHttpContent.EMPTY_LAST_CONTENT
                        : new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, trailers),
                channel.voidPromise());
        dirty = true;
    }

    /** Whether more should be written now. */
    public boolean isWritable() {
        return channel.isWritable();
    }

    /** Bytes that the client has not taken yet. */
    public long pendingBytes() {
        var buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    /** Hands what was written to the socket. */
    public void flush() {
        if (dirty) {
            dirty = false;
            channel.flush();
        }
    }

    private void complete(HttpResponseStatus status, HttpHeaders headers, boolean preserveCase) {
        encoder.next(false, preserveCase);
        channel.writeAndFlush(new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER, headers, EmptyHttpHeaders.INSTANCE));
    }
}
