package dev.gatehouse.upstream;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.upstream.reach.UpstreamFailure;
import dev.gatehouse.upstream.wire.BodyFraming;
import dev.gatehouse.upstream.wire.BoundedBody;
import dev.gatehouse.upstream.wire.OutgoingRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A small call: sends its body at once, collects the response up to its bound, and ends in exactly one result. Event
 * loop of its client.
 */
final class AggregatedCall implements UpstreamListener {
    private static final int MAX_INTERIM = 20;
    private static final int MAX_HEADER_BYTES = 32 * 1024;
    private static final int MAX_HEADER_COUNT = 200;

    private final HttpCall asked;
    private final CompletableFuture<CallResult> result;
    private @Nullable UpstreamCall call;
    private @Nullable HttpResponse head;
    private @Nullable BoundedBody body;
    private boolean repeated;

    private AggregatedCall(HttpCall asked, CompletableFuture<CallResult> result) {
        this.asked = asked;
        this.result = result;
    }

    static void start(UpstreamClient client, HttpCall asked, CompletableFuture<CallResult> result) {
        HttpRequest head;
        try {
            head = head(asked);
        } catch (IllegalArgumentException e) {
            // A field or a target that would break the request apart.
            result.complete(new CallResult.Failed(CallResult.Cause.MALFORMED, true));
            return;
        }
        AggregatedCall small = new AggregatedCall(asked, result);
        CallRules rules = new CallRules(
                asked.connectTimeout().toNanos(),
                asked.totalTimeout().toNanos(),
                asked.totalTimeout().toNanos(),
                asked.firstByteTimeout().toNanos(),
                asked.totalTimeout().toNanos(),
                idleNanos(client, asked),
                MAX_INTERIM,
                MAX_HEADER_BYTES,
                MAX_HEADER_COUNT,
                true,
                false);
        BodyFraming framing = asked.body().length == 0 ? BodyFraming.none() : BodyFraming.length(asked.body().length);
        OutgoingRequest request = new OutgoingRequest(head, asked.requestTarget(), framing, true);
        small.call = client.start(request, asked.target().host(), List.of(asked.target()), rules, small);
    }

    private static long idleNanos(UpstreamClient client, HttpCall asked) {
        return asked.connectionIdle() == null
                ? client.idleNanos()
                : asked.connectionIdle().toNanos();
    }

    private static HttpRequest head(HttpCall asked) {
        HttpHeaders headers = new DefaultHttpHeaders()
                .set(HttpHeaderNames.HOST, asked.target().authority());
        headers.add(asked.headers());
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, asked.method(), asked.requestTarget(), headers);
    }

    @Override
    public void onReady() {
        if (call != null && asked.body().length > 0) {
            call.write(Unpooled.wrappedBuffer(asked.body()));
            call.end();
        }
    }

    @Override
    public void onRepeat() {
        repeated = true;
    }

    @Override
    public void onInterim(HttpResponse response) {
        // Nothing in an interim answer is of use here.
    }

    @Override
    public void onHead(HttpResponse response) {
        head = response;
        body = BoundedBody.of(response.headers(), asked.maxResponseBytes());
        if (body == null) {
            giveUp(CallResult.Cause.MALFORMED);
        }
    }

    @Override
    public void onData(ByteBuf data) {
        BoundedBody collecting = body;
        if (collecting == null) {
            data.release();
            return;
        }
        CallResult.Cause problem = collecting.add(data);
        if (problem != null) {
            giveUp(problem);
        }
    }

    @Override
    public void onReadComplete() {
        if (call != null) {
            call.read();
        }
    }

    @Override
    public void onEnd(HttpHeaders trailers) {
        HttpResponse answered = head;
        BoundedBody collected = body;
        if (answered == null || collected == null) {
            return;
        }
        body = null;
        byte[] bytes = collected.finish();
        result.complete(
                bytes == null
                        ? new CallResult.Failed(CallResult.Cause.MALFORMED, false)
                        : new CallResult.Answer(answered.status().code(), answered.headers(), bytes, repeated));
    }

    @Override
    public void onWritable() {
        // The body was written in one piece.
    }

    @Override
    public void onFailure(UpstreamFailure failure) {
        drop();
        result.complete(new CallResult.Failed(failure.fault().cause(), failure.nothingReceived()));
    }

    private void giveUp(CallResult.Cause cause) {
        drop();
        if (call != null) {
            call.cancel();
        }
        result.complete(new CallResult.Failed(cause, false));
    }

    private void drop() {
        if (body != null) {
            body.discard();
            body = null;
        }
    }
}
