package dev.gatehouse.upstream;

import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.upstream.reach.UpstreamFailure;
import dev.gatehouse.upstream.reach.UpstreamFault;
import dev.gatehouse.upstream.wire.BodyFraming;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call that reads its whole response at once and remembers everything. */
final class RecordedCall implements UpstreamListener {
    final UpstreamClient client;
    final List<String> events = new CopyOnWriteArrayList<>();
    final CompletableFuture<RecordedCall> done = new CompletableFuture<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private volatile boolean autoRead = true;
    private volatile @Nullable UpstreamCall call;
    private final @Nullable String body;
    volatile @Nullable HttpResponse head;
    volatile @Nullable HttpHeaders trailers;
    volatile @Nullable UpstreamFailure failure;
    private final AtomicLong bytes = new AtomicLong();

    /** @param body sent when the call is ready; null = the test sends it, or there is none */
    RecordedCall(
            UpstreamClient client, HttpRequest head, BodyFraming framing, ForwardPlan plan, @Nullable String body) {
        this.client = client;
        this.body = body;
        client.loop().execute(() -> {
            call = client.start(head, framing, plan, this);
            events.add("started");
        });
    }

    RecordedCall withoutReading() {
        autoRead = false;
        return this;
    }

    void readAll() {
        onLoop(started -> {
            autoRead = true;
            started.read();
        });
    }

    /** Waits for the end; what happened until then is the message when it does not come. */
    RecordedCall await() {
        try {
            return done.get(UpstreamFixture.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("stalled after " + events, e);
        }
    }

    UpstreamFault awaitFault() {
        UpstreamFailure seen = await().failure;
        if (seen == null) {
            throw new AssertionError("no failure, but " + events);
        }
        return seen.fault();
    }

    void onLoop(Consumer<UpstreamCall> step) {
        client.loop().submit(() -> step.accept(Objects.requireNonNull(call))).syncUninterruptibly();
    }

    long bytes() {
        return bytes.get();
    }

    String text() {
        return received.toString(StandardCharsets.ISO_8859_1);
    }

    int status() {
        HttpResponse seen = head;
        return seen == null ? -1 : seen.status().code();
    }

    static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    UpstreamCall call() {
        return Objects.requireNonNull(call);
    }

    @Override
    public void onReady() {
        events.add("ready");
        String text = body;
        if (text != null) {
            call().write(bytes(text));
            call().end();
            call().flush();
        }
    }

    @Override
    public void onInterim(HttpResponse response) {
        events.add("interim " + response.status().code());
    }

    @Override
    public void onHead(HttpResponse response) {
        head = response;
        events.add("head " + response.status().code());
    }

    @Override
    public void onData(ByteBuf data) {
        if (bytes.addAndGet(data.readableBytes()) < 1024 * 1024) {
            received.writeBytes(ByteBufUtil.getBytes(data));
        }
        data.release();
    }

    @Override
    public void onReadComplete() {
        if (autoRead) {
            call().read();
        }
    }

    @Override
    public void onEnd(HttpHeaders given) {
        trailers = given;
        events.add("end");
        done.complete(this);
    }

    @Override
    public void onWritable() {
        events.add("writable");
    }

    @Override
    public void onFailure(UpstreamFailure seen) {
        failure = seen;
        events.add("failure " + seen.cause());
        done.complete(this);
    }
}
