package dev.gatehouse.upstream.wire;

import dev.gatehouse.client.ForwardProxy;
import dev.gatehouse.client.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The request of one call: its head, how its body is framed, how much was written, and, as long as the whole of it is
 * small enough, a copy to send it again. The framing that was announced is kept under all circumstances.
 */
public final class OutgoingRequest {
    private static final int MAX_KEPT_BYTES = 64 * 1024;
    private static final Set<HttpMethod> EXPECT_A_LENGTH = Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

    private final HttpRequest head;
    private final String target;
    private final BodyFraming framing;
    private final List<ByteBuf> kept = new ArrayList<>(2);
    private boolean keeping;
    private int keptBytes;
    private long written;
    private boolean ended;
    private boolean flushed;

    /** @param keep whether the request may be repeated at all */
    public OutgoingRequest(HttpRequest head, String target, BodyFraming framing, boolean keep) {
        this.head = head;
        this.target = target;
        this.framing = framing;
        this.keeping = keep;
        this.ended = framing instanceof BodyFraming.None;
        frame(head.headers());
    }

    /** The method of its request line. */
    public HttpMethod method() {
        return head.method();
    }

    /** Whether head and body are written as a whole. */
    public boolean isEnded() {
        return ended;
    }

    /** Whether bytes may have left for the service. */
    public boolean isFlushed() {
        return flushed;
    }

    /** Whether the whole request is in memory. */
    public boolean isRepeatable() {
        return ended && keeping;
    }

    /** The request goes to another target now: a Host that named the one before names the next. */
    public void redirect(Target before, Target next) {
        if (before.authority().equals(head.headers().get(HttpHeaderNames.HOST))) {
            head.headers().set(HttpHeaderNames.HOST, next.authority());
        }
    }

    /** Writes the head; a request without a body leaves at once, another one with its first piece. */
    public void writeHead(Channel channel, Target to) {
        String line = line(to);
        HttpHeaders fields = fields(to);
        if (framing instanceof BodyFraming.None) {
            flushed = true;
            channel.writeAndFlush(
                    new DefaultFullHttpRequest(
                            HttpVersion.HTTP_1_1,
                            head.method(),
                            line,
                            Unpooled.EMPTY_BUFFER,
                            fields,
                            EmptyHttpHeaders.INSTANCE),
                    channel.voidPromise());
        } else {
            channel.write(
                    new DefaultHttpRequest(HttpVersion.HTTP_1_1, head.method(), line, fields), channel.voidPromise());
        }
    }

    /** A proxy needs to be told which service is meant (RFC 9112 section 3.2.2), where "all of it" becomes its root. */
    private String line(Target to) {
        if (to.relay() == null) {
            return target;
        }
        return "http://" + to.authority() + (target.equals("*") ? "/" : target);
    }

    /** The fields of the exchange are shown to its policies and logs: credentials for a proxy go into a copy. */
    private HttpHeaders fields(Target to) {
        ForwardProxy proxy = to.relay();
        return proxy == null || proxy.authorization() == null
                ? head.headers()
                : head.headers().copy().set(HttpHeaderNames.PROXY_AUTHORIZATION, proxy.authorization());
    }

    /** Sends the whole request again. */
    public void repeat(Channel channel, Target to) {
        writeHead(channel, to);
        if (!(framing instanceof BodyFraming.None)) {
            for (ByteBuf piece : kept) {
                channel.write(piece.retainedDuplicate(), channel.voidPromise());
            }
            channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT, channel.voidPromise());
        }
    }

    /** Writes a piece of the body. Takes {@code data}. Returns false, and writes nothing, when it does not fit. */
    public boolean write(Channel channel, ByteBuf data) {
        int bytes = data.readableBytes();
        if (ended || (framing instanceof BodyFraming.Length length && written + bytes > length.bytes())) {
            data.release();
            return false;
        }
        if (bytes == 0) {
            data.release();
            return true;
        }
        written += bytes;
        keep(data);
        channel.write(data, channel.voidPromise());
        return true;
    }

    /** Ends the body. Returns false, and writes nothing, when the announced length is not reached. */
    public boolean end(Channel channel) {
        if (ended) {
            return true;
        }
        if (framing instanceof BodyFraming.Length length && written != length.bytes()) {
            return false;
        }
        ended = true;
        channel.write(LastHttpContent.EMPTY_LAST_CONTENT, channel.voidPromise());
        flush(channel);
        return true;
    }

    public void flush(Channel channel) {
        flushed = true;
        channel.flush();
    }

    /** Frees the copy; the request cannot be repeated any more. */
    public void forget() {
        keeping = false;
        kept.forEach(ByteBuf::release);
        kept.clear();
    }

    private void keep(ByteBuf data) {
        if (!keeping) {
            return;
        }
        keptBytes += data.readableBytes();
        if (keptBytes > MAX_KEPT_BYTES) {
            forget();
        } else {
            kept.add(data.retainedDuplicate());
        }
    }

    private void frame(HttpHeaders headers) {
        headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        headers.remove(HttpHeaderNames.CONTENT_LENGTH);
        if (framing instanceof BodyFraming.Length length) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length.bytes()));
        } else if (framing instanceof BodyFraming.Chunked) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        } else if (EXPECT_A_LENGTH.contains(head.method())) {
            // RFC 9110 section 8.6: a method that usually has content says so when there is none.
            headers.set(HttpHeaderNames.CONTENT_LENGTH, "0");
        }
    }
}
