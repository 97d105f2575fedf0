package dev.gatehouse.upstream;

import static dev.gatehouse.upstream.ScriptedPeer.send;
import static dev.gatehouse.upstream.UpstreamFixture.at;
import static dev.gatehouse.upstream.UpstreamFixture.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.upstream.reach.UpstreamFault;
import dev.gatehouse.upstream.wire.BodyFraming;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetPoolIT {
    private ScriptedPeer peer;
    private @Nullable UpstreamFixture opened;

    @BeforeEach
    void start() {
        peer = ScriptedPeer.start();
    }

    @AfterEach
    void stop() {
        if (opened != null) {
            opened.close();
        }
        peer.close();
    }

    private void open(int loops, int maxConnections, int maxWaiting, Duration connectTimeout, Duration idleTimeout) {
        UpstreamLimits usual = UpstreamFixture.limits();
        opened = new UpstreamFixture(
                new UpstreamLimits(
                        connectTimeout,
                        usual.responseTimeout(),
                        usual.bodyIdleTimeout(),
                        idleTimeout,
                        usual.maxHeaderBytes(),
                        usual.maxHeaderCount(),
                        maxConnections,
                        maxWaiting),
                loops);
    }

    private void open(int loops, int maxConnections) {
        open(loops, maxConnections, 512, Duration.ofSeconds(3), Duration.ofSeconds(15));
    }

    private UpstreamFixture upstream() {
        return Objects.requireNonNull(opened);
    }

    private RecordedCall get(int loop) {
        return upstream().call(loop, UpstreamFixture.head(HttpMethod.GET), BodyFraming.none(), plan(at(peer)));
    }

    @Test
    void neverHasMoreRequestsUnderWayThanConnectionsAreAllowedOverAllLoops() {
        open(2, 4);
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        peer.otherwise(connection -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            connection.later(5, () -> {
                underWay.decrementAndGet();
                connection.send(ScriptedPeer.OK);
            });
        });
        List<RecordedCall> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            calls.add(get(i % 2));
        }

        calls.forEach(RecordedCall::await);

        assertThat(calls).allSatisfy(call -> assertThat(call.status()).isEqualTo(200));
        assertThat(most).hasValueBetween(2, 4);
    }

    @Test
    void aLoopWithoutConnectionsGetsOneThatAnotherLoopKeepsForLater() {
        open(2, 1);
        assertThat(get(0).await().status()).isEqualTo(200);

        assertThat(get(1).await().status()).isEqualTo(200);
        assertThat(get(0).await().status()).isEqualTo(200);
    }

    @Test
    void servesWaitingCallsInOrder() {
        open(1, 1);
        peer.script(connection -> connection.later(200, () -> connection.send(ScriptedPeer.OK)));
        List<RecordedCall> calls = List.of(get(0), get(0), get(0));

        calls.forEach(RecordedCall::await);

        assertThat(peer.connections()).hasSize(1);
        assertThat(peer.requests()).hasSize(3);
    }

    @Test
    void refusesWhenNoConnectionBecomesFreeInTime() {
        open(1, 1, 512, Duration.ofMillis(300), Duration.ofSeconds(15));
        peer.script(connection -> {});
        RecordedCall first = get(0);
        await().until(() -> first.events.contains("ready"));

        RecordedCall second = get(0);

        assertThat(second.awaitFault()).isEqualTo(UpstreamFault.OVERLOAD);
        assertThat(upstream().connections("waiting")).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void refusesWhenTheQueueIsFull(int calls) {
        open(1, 1, 2, Duration.ofSeconds(3), Duration.ofSeconds(15));
        peer.script(connection -> connection.later(300, () -> connection.send(ScriptedPeer.OK)));
        RecordedCall first = get(0);
        List<RecordedCall> waiting = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            waiting.add(get(0));
        }

        first.await();
        waiting.forEach(RecordedCall::await);

        long refused = waiting.stream().filter(call -> call.failure != null).count();
        assertThat(refused).isEqualTo(Math.max(0, calls - 2));
    }

    @Test
    void aCallThatLeavesTheQueueMakesRoom() {
        open(1, 1, 1, Duration.ofSeconds(3), Duration.ofSeconds(15));
        peer.script(connection -> connection.later(500, () -> connection.send(ScriptedPeer.OK)));
        RecordedCall first = get(0);
        RecordedCall second = get(0);

        second.onLoop(UpstreamCall::cancel);
        RecordedCall third = get(0);

        assertThat(third.await().status()).isEqualTo(200);
        assertThat(first.await().status()).isEqualTo(200);
        assertThat(second.events).doesNotContain("ready");
    }

    @Test
    void takesTheConnectionThatWasUsedLast() {
        open(1, 8);
        peer.script(connection -> connection.later(200, () -> connection.send(ScriptedPeer.OK)))
                .script(connection -> connection.later(400, () -> connection.send(ScriptedPeer.OK)));
        RecordedCall first = get(0);
        RecordedCall second = get(0);
        first.await();
        second.await();

        get(0).await();

        assertThat(peer.connections().get(0).requests()).hasSize(1);
        assertThat(peer.connections().get(1).requests()).hasSize(2);
    }

    @Test
    void closesConnectionsThatAreIdleForTooLong() {
        open(1, 8, 8, Duration.ofSeconds(3), Duration.ofMillis(200));

        get(0).await();

        await().until(() -> !peer.connections().get(0).isOpen());
        await().untilAsserted(() -> assertThat(upstream().connections("idle")).isZero());
        assertThat(get(0).await().status()).isEqualTo(200);
    }

    @Test
    void leavesAConnectionBeforeTheServiceClosesIt() {
        open(1, 8);
        peer.script(send("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n"));

        get(0).await();
        get(0).await();

        assertThat(peer.connections()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nConnection: x-a, Close\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"
            })
    void usesAConnectionOnceWhenTheServiceSaysSo(String answer) {
        open(1, 8);
        peer.script(send(answer));

        assertThat(get(0).await().text()).isEqualTo("hello");
        assertThat(get(0).await().text()).isEqualTo("hello");

        assertThat(peer.connections()).hasSize(2);
    }

    @Test
    void keepsAnOldConnectionThatAsksForIt() {
        open(1, 8);
        peer.script(send("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello"));

        get(0).await();
        get(0).await();

        assertThat(peer.connections()).hasSize(1);
    }

    @Test
    void closingEndsWhatIsUnderWay() {
        open(1, 8);
        peer.script(connection -> {});
        RecordedCall call = get(0);
        await().until(() -> call.events.contains("ready"));

        UpstreamClient client = upstream().clients.get(0);
        client.loop().submit(client::close).syncUninterruptibly();

        assertThat(call.awaitFault()).isEqualTo(UpstreamFault.OVERLOAD);
        assertThat(get(0).awaitFault()).isEqualTo(UpstreamFault.OVERLOAD);
        await().until(() -> !peer.connections().get(0).isOpen());
    }
}
