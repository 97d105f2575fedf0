package dev.gatehouse.server.request;

import dev.gatehouse.body.BodyTransforms;
import dev.gatehouse.exchange.BodyTransform;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.upstream.UpstreamCall;
import dev.gatehouse.upstream.wire.BodyFraming;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request on its way to a service.
 *
 * <p>Until somebody wants it, it stays with the client: the connection does not read on and keeps at most what came
 * together with the head. Then it is streamed, collected for a policy (bounded) or dropped. Owns what it collected.
 */
public final class RequestBody {
    /** What a client may send for nothing, so that its connection stays in use or that it reads its answer. */
    public static final int MAX_DRAINED = 64 * 1024;

    /** What happens to the pieces. */
    private enum Use {
        HELD,
        STREAMED,
        COLLECTED,
        DROPPED
    }

    private final BodyOwner exchange;
    private final RequestFraming framing;
    private final @Nullable Long maxBytes;
    private Use use = Use.HELD;
    private boolean complete;
    private long received;
    private @Nullable BodyTransforms transforms;
    private @Nullable CompositeByteBuf collected;
    private int maxCollected;
    private @Nullable CompletableFuture<ByteBuf> collecting;
    private boolean replaced;
    private @Nullable UpstreamCall call;

    public RequestBody(BodyOwner exchange, RequestFraming framing, @Nullable Long maxBytes) {
        this.exchange = exchange;
        this.framing = framing;
        this.maxBytes = maxBytes;
        this.complete = framing.length() == 0;
    }

    /** Whether the connection may deliver a piece now. */
    public boolean wants() {
        return complete
                || switch (use) {
                    case HELD -> false;
                    case STREAMED -> call == null || call.isWritable();
                    case COLLECTED, DROPPED -> true;
                };
    }

    /** Whether a policy asked for the whole body and it is not all there. */
    public boolean isHalfCollected() {
        return use == Use.COLLECTED && !complete && !replaced;
    }

    /** Whether there is one, empty or not. */
    public boolean isPresent() {
        return framing.length() != 0 || replaced;
    }

    public boolean isComplete() {
        return complete;
    }

    /** Whether the client declared more than it may send. */
    public boolean exceedsLimit() {
        return maxBytes != null && framing.length() > maxBytes;
    }

    /** Bytes that are declared and not yet received; -1 = unknown. */
    long missing() {
        return complete ? 0 : framing.chunked() ? -1 : framing.length() - received;
    }

    /** Whether the rest can be read and dropped so that the connection stays in use. */
    public boolean isRestCheap() {
        long missing = missing();
        return complete || (missing >= 0 && missing <= MAX_DRAINED && !exchange.expectsContinue());
    }

    public long received() {
        return received;
    }

    /** Takes {@code piece}. */
    public void deliver(HttpContent piece) {
        ByteBuf data = piece.content();
        received += data.readableBytes();
        boolean last = piece instanceof LastHttpContent;
        if (complete || use == Use.DROPPED) {
            data.release();
        } else if (maxBytes != null && received > maxBytes) {
            data.release();
            exchange.refuseBody(Refusal.BODY_TOO_LARGE);
        } else if (use == Use.COLLECTED) {
            collect(data);
        } else if (data.isReadable()) {
            stream(data);
        } else {
            data.release();
        }
        if (last && !complete) {
            complete = true;
            finish();
        }
    }

    /** What the outgoing head says about the body. */
    public BodyFraming outgoingFraming() {
        if (framing.length() == 0 && !replaced) {
            return BodyFraming.none();
        }
        if (transforms != null) {
            return BodyFraming.chunked();
        }
        if (collected != null) {
            return BodyFraming.length(collected.readableBytes());
        }
        return framing.chunked() ? BodyFraming.chunked() : BodyFraming.length(framing.length());
    }

    /** Sends the body, or what was collected of it, to {@code target}; the rest follows as it arrives. */
    public void streamTo(UpstreamCall target) {
        call = target;
        CompositeByteBuf ready = collected;
        collected = null;
        if (ready != null) {
            use = Use.STREAMED;
            if (ready.isReadable()) {
                stream(ready);
            } else {
                ready.release();
            }
            if (framing.length() != 0 || replaced) {
                endStream();
            }
            // Of a body that was replaced, the rest is of no use.
            use = complete ? use : Use.DROPPED;
        } else {
            use = Use.STREAMED;
        }
        target.flush();
    }

    public void flush() {
        if (call != null && use == Use.STREAMED) {
            call.flush();
        }
    }

    public void transform(BodyTransform transform) {
        if (transforms == null) {
            transforms = new BodyTransforms();
        }
        transforms.add(transform);
    }

    /** See {@code Exchange.requestBody}. */
    public CompletionStage<ByteBuf> collect(int max) {
        CompletableFuture<ByteBuf> stage = new CompletableFuture<>();
        if (framing.length() > max || (collected != null && collected.readableBytes() > max)) {
            exchange.refuseBody(Refusal.BODY_TOO_LARGE);
            return stage;
        }
        maxCollected = max;
        collecting = stage;
        if (use == Use.HELD) {
            use = Use.COLLECTED;
            collected = Unpooled.compositeBuffer(1024);
        }
        if (complete) {
            finish();
        } else {
            exchange.wantBody();
        }
        return stage;
    }

    /** See {@code Exchange.replaceRequestBody}. Takes {@code body}. */
    public void replace(ByteBuf body) {
        releaseCollected();
        collected = Unpooled.compositeBuffer().addComponent(true, body);
        replaced = true;
        if (use == Use.HELD) {
            use = Use.DROPPED;
        }
    }

    /** The rest is read and thrown away. */
    public void drop() {
        use = Use.DROPPED;
        call = null;
    }

    /** Frees what is kept; nothing is delivered afterwards. */
    public void close() {
        drop();
        releaseCollected();
        if (transforms != null) {
            transforms.abort();
            transforms = null;
        }
    }

    private void stream(ByteBuf data) {
        UpstreamCall target = call;
        if (target == null) {
            data.release();
        } else if (transforms == null) {
            target.write(data);
        } else {
            try {
                transforms.data(data, target::write);
            } catch (RuntimeException e) {
                exchange.refuseTransformed(e);
            }
        }
    }

    private void endStream() {
        UpstreamCall target = call;
        if (target == null) {
            return;
        }
        try {
            if (transforms != null) {
                transforms.end(target::write);
                transforms = null;
            }
        } catch (RuntimeException e) {
            exchange.refuseTransformed(e);
            return;
        }
        target.end();
    }

    private void collect(ByteBuf data) {
        CompositeByteBuf all = collected;
        if (all == null || all.readableBytes() + data.readableBytes() > maxCollected) {
            data.release();
            exchange.refuseBody(Refusal.BODY_TOO_LARGE);
        } else {
            all.addComponent(true, data);
        }
    }

    private void finish() {
        if (use == Use.STREAMED) {
            endStream();
        } else if (collecting != null) {
            CompletableFuture<ByteBuf> stage = collecting;
            collecting = null;
            stage.complete(collected == null ? Unpooled.EMPTY_BUFFER : collected.retainedSlice());
        }
    }

    private void releaseCollected() {
        if (collected != null) {
            collected.release();
            collected = null;
        }
    }
}
