package dev.gatehouse.server.response;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.body.BodyTransforms;
import dev.gatehouse.exchange.BodySink;
import dev.gatehouse.exchange.BodyTransform;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.exchange.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * The response of one exchange as hooks see and change it: its head, and what is done to its body. Owns the pieces that
 * it holds back. Event loop of the client.
 */
public final class OutgoingResponse implements ResponseHead {
    private HttpResponse message = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    private boolean fromUpstream;
    private @Nullable BodyTransforms transforms;
    private @Nullable CollectedResponse collected;
    private @Nullable Reply replacement;

    /** A service gave this head. */
    public void relayed(HttpResponse head) {
        message = head;
        fromUpstream = true;
    }

    /** The gateway answers itself. */
    public void made(Reply reply, Reply.Content content) {
        message = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()));
        message.headers().add(reply.headers());
        if (statusAllowsBody()) {
            if (!content.mediaType().isEmpty()) {
                message.headers().set(HttpHeaderNames.CONTENT_TYPE, content.mediaType());
            }
            message.headers().set(HttpHeaderNames.CONTENT_LENGTH, content.bytes().length);
        }
        message.headers().set(HttpHeaderNames.DATE, HttpDate.now());
        fromUpstream = false;
    }

    @Override
    public HttpResponse message() {
        return message;
    }

    @Override
    public boolean fromUpstream() {
        return fromUpstream;
    }

    @Override
    public void transformBody(BodyTransform transform) {
        if (transforms == null) {
            transforms = new BodyTransforms();
        }
        transforms.add(transform);
    }

    @Override
    public void editBody(BodyEdit edit) {
        if (collected == null) {
            collected = new CollectedResponse();
        }
        collected.add(edit);
    }

    @Override
    public void replaceWith(Reply reply) {
        replacement = reply;
    }

    /** The reply that a hook wants in place of this response, once; null = none. */
    public @Nullable Reply takeReplacement() {
        Reply other = replacement;
        replacement = null;
        return other;
    }

    /** Whether this kind of response has a body (RFC 9110 section 6.4.1), unless the request was HEAD. */
    public boolean statusAllowsBody() {
        int status = message.status().code();
        return status != HttpResponseStatus.NO_CONTENT.code() && status != HttpResponseStatus.NOT_MODIFIED.code();
    }

    /**
     * Says in the head how the client finds the end of the message (RFC 9112 section 6.3).
     *
     * @return whether no length says it: by chunks, or for an older client by the end of the connection
     */
    public boolean frame(boolean mayHaveBody, boolean http11) {
        HttpHeaders headers = message.headers();
        if (transforms != null) {
            headers.remove(HttpHeaderNames.CONTENT_LENGTH);
        }
        boolean unmeasured = mayHaveBody && !headers.contains(HttpHeaderNames.CONTENT_LENGTH);
        if (unmeasured && http11) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        return unmeasured;
    }

    /** Whether the body is held back, because it is edited as a whole. */
    public boolean isHeld() {
        return collected != null;
    }

    /**
     * Takes {@code data} of a body that is held back. False when the body has become too large for every edit: then it
     * has to be given.
     */
    public boolean hold(ByteBuf data) {
        return held().hold(data);
    }

    /** Gives what is held back, unchanged; nothing is any more. */
    public ByteBuf give() {
        CollectedResponse body = held();
        collected = null;
        return body.give();
    }

    /**
     * Gives the whole body that was held back, edited; nothing is any more.
     *
     * @throws RuntimeException what an edit threw; then everything is still held
     */
    public ByteBuf edited() {
        ByteBuf edited = held().edited(message.headers());
        collected = null;
        return edited;
    }

    /** Frees what is held back; nothing is any more. */
    public void dropHeld() {
        CollectedResponse unwanted = collected;
        collected = null;
        if (unwanted != null) {
            unwanted.close();
        }
    }

    /** Whether pieces of the body have to go through {@link #transform}. */
    public boolean isTransformed() {
        return transforms != null;
    }

    /**
     * Takes a piece of the body; what the transforms make of it is given to {@code out}.
     *
     * @throws RuntimeException what a transform threw; the piece is freed
     */
    public void transform(ByteBuf data, BodySink out) {
        if (transforms == null) {
            out.write(data);
        } else {
            transforms.data(data, out);
        }
    }

    /**
     * Lets the transforms write what they kept.
     *
     * @throws RuntimeException what a transform threw
     */
    public void endTransforms(BodySink out) {
        if (transforms != null) {
            transforms.end(out);
            transforms = null;
        }
    }

    /** Frees what the transforms keep. */
    public void abortTransforms() {
        if (transforms != null) {
            transforms.abort();
            transforms = null;
        }
    }

    private CollectedResponse held() {
        return requireNonNull(collected, "no body is held back");
    }
}
