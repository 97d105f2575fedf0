package dev.gatehouse.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One request of a {@link LocalServer} and the way to answer it. The answering methods may be called on any thread. */
public final class Call {
    /** The media type of most answers. */
    public static final String JSON = "application/json";

    private final Channel channel;
    private final HttpMethod method;
    private final String target;
    private final HttpHeaders headers;
    private final byte[] body;
    private final boolean keepAlive;
    private volatile boolean answered;

    Call(Channel channel, HttpMethod method, String target, HttpHeaders headers, byte[] body, boolean keepAlive) {
        this.channel = channel;
        this.method = method;
        this.target = target;
        this.headers = headers;
        this.body = body;
        this.keepAlive = keepAlive;
    }

    public HttpMethod method() {
        return method;
    }

    /** The request-target without its query. */
    public String path() {
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark);
    }

    /** The request-target as received. */
    public String target() {
        return target;
    }

    public @Nullable String header(CharSequence name) {
        return headers.get(name);
    }

    /** The request's header fields; not to be changed. */
    public HttpHeaders headers() {
        return headers;
    }

    /** The whole body; not to be changed. */
    public byte[] body() {
        return body;
    }

    /** Answers with a text body in UTF-8. */
    public void reply(int status, String mediaType, String text) {
        reply(status, mediaType, text.getBytes(UTF_8));
    }

    /** Answers with {@code content}, which is not to be changed afterwards. HEAD gets its length only. */
    public void reply(int status, String mediaType, byte[] content) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(status),
                method.equals(HttpMethod.HEAD) ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(content));
        head(response, mediaType);
        HttpUtil.setContentLength(response, content.length);
        finish(response);
    }

    /** Sends the client on to {@code location}, which is a text of the gateway's own. */
    public void redirect(String location) {
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.FOUND);
        head(response, JSON);
        response.headers().set(HttpHeaderNames.LOCATION, location);
        HttpUtil.setContentLength(response, 0);
        finish(response);
    }

    /** Answers a problem as a small JSON object; the texts are the gateway's own and need no escaping. */
    public void refuse(int status, String title) {
        reply(status, JSON, "{\"status\":" + status + ",\"title\":\"" + title + "\"}\n");
    }

    /** Starts a streamed answer whose length is unknown. */
    public Stream stream(int status, String mediaType) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        head(response, mediaType);
        HttpUtil.setTransferEncodingChunked(response, true);
        channel.writeAndFlush(response);
        return new Stream();
    }

    /** Runs {@code task} on the listener's event loop after {@code delay}. */
    public void after(Duration delay, Runnable task) {
        channel.eventLoop().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean isAnswered() {
        return answered;
    }

    private void head(HttpResponse response, String mediaType) {
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, mediaType)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("x-content-type-options", "nosniff");
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }

    private void finish(Object last) {
        answered = true;
        var written = channel.writeAndFlush(last);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** A streamed answer. Any thread; what is written after the client left is dropped. */
    public final class Stream {
        /** Whether the client is still there. */
        public boolean isOpen() {
            return channel.isActive();
        }

        /** Sends {@code text} at once. */
        public void write(String text) {
            channel.writeAndFlush(new DefaultHttpContent(Unpooled.copiedBuffer(text, UTF_8)));
        }

        /** Ends the answer. */
        public void end() {
            finish(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }
}
