package dev.gatehouse.upstream;

import static dev.gatehouse.upstream.ScriptedPeer.send;
import static dev.gatehouse.upstream.ScriptedPeer.sendAndClose;
import static dev.gatehouse.upstream.UpstreamFixture.at;
import static dev.gatehouse.upstream.UpstreamFixture.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.client.Target;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.upstream.reach.UpstreamFault;
import dev.gatehouse.upstream.wire.BodyFraming;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One test per row of the table of faults: what the sender is told, and what is repeated. */
class FaultMatrixIT {
    private ScriptedPeer peer;
    private ScriptedPeer other;
    private UpstreamFixture upstream;

    @BeforeEach
    void start() {
        peer = ScriptedPeer.start();
        other = ScriptedPeer.start();
        upstream = UpstreamFixture.create();
    }

    @AfterEach
    void stop() {
        upstream.close();
        peer.close();
        other.close();
    }

    private static ScriptedPeer.Step close() {
        return ScriptedPeer.Connection::close;
    }

    private static ScriptedPeer.Step reset() {
        return ScriptedPeer.Connection::reset;
    }

    private static ScriptedPeer.Step hold() {
        return connection -> {};
    }

    private void expect(RecordedCall call, UpstreamFault fault, Refusal refusal) {
        assertThat(call.awaitFault()).isEqualTo(fault);
        assertThat(fault.refusal()).isEqualTo(refusal);
        assertThat(upstream.count("gateway.upstream.errors", "cause", fault.tag(), "service", "backend"))
                .isEqualTo(1);
        await().untilAsserted(() -> assertThat(upstream.connections("active")).isZero());
    }

    @Nested
    class NothingSent {
        @Test
        void refusesWhenThePortIsClosed() {
            peer.close();

            expect(upstream.get(plan(at(peer))), UpstreamFault.REFUSED, Refusal.UPSTREAM_CONNECT);
        }

        @Test
        void triesTheNextTargetForAnyMethod() {
            peer.close();

            RecordedCall call = upstream.send(HttpMethod.POST, "data", plan(at(peer), at(other)));

            assertThat(call.await().status()).isEqualTo(200);
            assertThat(other.requests()).hasSize(1);
            assertThat(upstream.count("gateway.upstream.errors", "cause", "refused"))
                    .isEqualTo(1);
        }

        @Test
        void triesATargetThatWasNotThereLast() {
            peer.close();
            upstream.get(plan(at(peer), at(other))).await();

            upstream.get(plan(at(peer), at(other))).await();
            upstream.get(plan(at(peer), at(other))).await();

            assertThat(other.requests()).hasSize(3);
            assertThat(upstream.count("gateway.upstream.errors", "cause", "refused"))
                    .isEqualTo(1);
            assertThat(upstream.aside()).isEqualTo(1);
        }

        @Test
        void triesATargetThatWasNotThereWhenItIsTheOnlyOne() {
            peer.close();

            for (int i = 1; i <= 3; i++) {
                assertThat(upstream.get(plan(at(peer))).awaitFault()).isEqualTo(UpstreamFault.REFUSED);
                assertThat(upstream.count("gateway.upstream.errors", "cause", "refused"))
                        .isEqualTo(i);
            }
        }

        @Test
        void triesAllTargetsWhenNoneWasThere() {
            peer.close();
            other.close();
            for (int i = 1; i <= 3; i++) {
                assertThat(upstream.get(plan(at(peer), at(other))).awaitFault()).isEqualTo(UpstreamFault.REFUSED);
                assertThat(upstream.count("gateway.upstream.errors", "cause", "refused"))
                        .isEqualTo(2 * i);
            }
        }

        @Test
        void putsNoTargetAsideForWhatHappensAfterARequestWasSent() {
            peer.otherwise(close());

            for (int i = 0; i < 3; i++) {
                upstream.send(HttpMethod.POST, "data", plan(at(peer), at(other)))
                        .awaitFault();
            }

            assertThat(peer.requests()).hasSize(3);
            assertThat(other.requests()).isEmpty();
            assertThat(upstream.aside()).isZero();
        }

        @Test
        void refusesWhenTheNameIsUnknown() {
            RecordedCall call = upstream.get(plan(new Target("service.invalid", 80, null)));

            expect(call, UpstreamFault.DNS, Refusal.UPSTREAM_CONNECT);
        }

        @Test
        void triesTheNextTargetWhenTheNameIsUnknown() {
            RecordedCall call = upstream.get(plan(new Target("service.invalid", 80, null), at(peer)));

            assertThat(call.await().status()).isEqualTo(200);
        }

        @Test
        void refusesWhenNobodyTakesTheConnection() throws IOException {
            try (Unanswered unanswered = new Unanswered();
                    UpstreamFixture impatient = impatient(Duration.ofMillis(300))) {
                RecordedCall call = impatient.get(plan(unanswered.target()));

                assertThat(call.awaitFault()).isEqualTo(UpstreamFault.CONNECT_TIMEOUT);
                assertThat(call.awaitFault().refusal()).isEqualTo(Refusal.UPSTREAM_CONNECT_TIMEOUT);
            }
        }

        @Test
        void triesTheNextTargetWhenNobodyTakesTheConnection() throws IOException {
            try (Unanswered unanswered = new Unanswered();
                    UpstreamFixture impatient = impatient(Duration.ofMillis(300))) {
                RecordedCall call = impatient.get(plan(unanswered.target(), at(peer)));

                assertThat(call.await().status()).isEqualTo(200);
            }
        }

        private UpstreamFixture impatient(Duration connectTimeout) {
            UpstreamLimits usual = UpstreamFixture.limits();
            return new UpstreamFixture(
                    new UpstreamLimits(
                            connectTimeout,
                            usual.responseTimeout(),
                            usual.bodyIdleTimeout(),
                            usual.idleTimeout(),
                            usual.maxHeaderBytes(),
                            usual.maxHeaderCount(),
                            usual.maxConnections(),
                            usual.maxWaiting()),
                    1);
        }

        @Test
        void findsLocalhost() {
            RecordedCall call = upstream.get(plan(new Target("localhost", peer.port(), null)));

            assertThat(call.await().status()).isEqualTo(200);
        }
    }

    @Nested
    class BeforeTheFirstByte {
        @ParameterizedTest
        @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
        void repeatsAnIdempotentRequestOnceWhenAReusedConnectionIsClosed(String method) {
            peer.script(send(ScriptedPeer.OK), close());
            upstream.get(plan(at(peer))).await();

            RecordedCall call = upstream.send(HttpMethod.valueOf(method), "data", plan(at(peer)));

            assertThat(call.await().status()).isEqualTo(200);
            List<String> requests = peer.requests();
            assertThat(requests).hasSize(3);
            assertThat(requests.get(2)).isEqualTo(requests.get(1)).endsWith("\r\n\r\ndata");
            assertThat(upstream.count("gateway.upstream.retries")).isEqualTo(1);
            assertThat(call.events).containsOnlyOnce("ready");
        }

        @ParameterizedTest
        @ValueSource(strings = {"POST", "PATCH"})
        void refusesToRepeatWhatMayHaveHadAnEffect(String method) {
            peer.script(send(ScriptedPeer.OK), reset());
            upstream.get(plan(at(peer))).await();

            RecordedCall call = upstream.send(HttpMethod.valueOf(method), "data", plan(at(peer), at(other)));

            expect(call, UpstreamFault.STALE, Refusal.UPSTREAM_RESET);
            assertThat(peer.requests()).hasSize(2);
            assertThat(other.requests()).isEmpty();
        }

        @Test
        void repeatsOnceOnAFreshConnectionAndThenGivesUp() {
            peer.script(close()).script(close());

            expect(upstream.get(plan(at(peer))), UpstreamFault.RESET, Refusal.UPSTREAM_RESET);

            assertThat(peer.requests()).hasSize(2);
        }

        @Test
        void refusesToRepeatAPostOnAFreshConnection() {
            peer.script(close());

            expect(upstream.send(HttpMethod.POST, "data", plan(at(peer))), UpstreamFault.RESET, Refusal.UPSTREAM_RESET);

            assertThat(peer.requests()).hasSize(1);
        }

        @Test
        void repeatsABodyOf64KiB() {
            peer.script(send(ScriptedPeer.OK), close());
            upstream.get(plan(at(peer))).await();

            RecordedCall call = upstream.send(HttpMethod.PUT, "x".repeat(64 * 1024), plan(at(peer)));

            assertThat(call.await().status()).isEqualTo(200);
        }

        @Test
        void refusesToRepeatALargerBody() {
            peer.script(send(ScriptedPeer.OK), close());
            upstream.get(plan(at(peer))).await();

            RecordedCall call = upstream.send(HttpMethod.PUT, "x".repeat(64 * 1024 + 1), plan(at(peer)));

            expect(call, UpstreamFault.STALE, Refusal.UPSTREAM_RESET);
        }

        @Test
        void refusesToRepeatWhenTheBudgetIsUsedUp() {
            for (int i = 0; i < 6; i++) {
                peer.script(close());
                peer.script(
                        i < 5
                                ? sendAndClose("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                                : close());
            }
            for (int i = 0; i < 5; i++) {
                assertThat(upstream.get(plan(at(peer))).await().status()).isEqualTo(200);
            }

            expect(upstream.get(plan(at(peer))), UpstreamFault.RESET, Refusal.UPSTREAM_RESET);

            assertThat(peer.requests()).hasSize(11);
        }

        @Test
        void repeatsOnAClosedPooledConnectionWhileOthersProvokeFailures() {
            peer.otherwise(close());
            for (int i = 0; i < 12; i++) {
                assertThat(upstream.get(plan(at(peer))).awaitFault()).isEqualTo(UpstreamFault.RESET);
            }
            peer.script(send(ScriptedPeer.OK), close()).script(send(ScriptedPeer.OK));
            assertThat(upstream.get(plan(at(peer))).await().status()).isEqualTo(200);

            assertThat(upstream.get(plan(at(peer))).await().status()).isEqualTo(200);
        }

        @Test
        void refusesToRepeatWhenTheBudgetIsUsedUpThoughNoConnectionIsLeft() {
            peer.otherwise(close());

            for (int i = 0; i < 12; i++) {
                assertThat(upstream.get(plan(at(peer))).awaitFault()).isEqualTo(UpstreamFault.RESET);
                await().until(() -> upstream.meters
                        .find("gateway.upstream.connections")
                        .gauges()
                        .isEmpty());
            }

            assertThat(upstream.count("gateway.upstream.retries")).isEqualTo(5);
            assertThat(peer.requests()).hasSize(17);
        }

        @Test
        void refusesToRepeatOnceAByteOfTheAnswerCame() {
            peer.script(send(ScriptedPeer.OK), sendAndClose("H"));
            upstream.get(plan(at(peer))).await();

            expect(upstream.get(plan(at(peer), at(other))), UpstreamFault.RESET, Refusal.UPSTREAM_RESET);
            assertThat(peer.requests()).hasSize(2);
            assertThat(other.requests()).isEmpty();
        }

        @Test
        void refusesWhenNoAnswerComesInTime() {
            peer.script(hold());

            RecordedCall call = upstream.get(plan(Duration.ofMillis(200), at(peer), at(other)));

            expect(call, UpstreamFault.RESPONSE_TIMEOUT, Refusal.UPSTREAM_TIMEOUT);
            assertThat(other.requests()).isEmpty();
            await().until(() -> !peer.connections().get(0).isOpen());
        }

        @Test
        void theTimeToAnswerStartsWhenTheRequestIsComplete() {
            RecordedCall call = upstream.call(
                    0,
                    UpstreamFixture.head(HttpMethod.POST),
                    BodyFraming.length(4),
                    plan(Duration.ofMillis(200), at(peer)));
            await().pollDelay(Duration.ofMillis(600)).until(() -> call.events.contains("ready"));

            call.onLoop(started -> {
                started.write(RecordedCall.bytes("data"));
                started.end();
            });

            assertThat(call.await().status()).isEqualTo(200);
        }
    }

    @Nested
    class InTheHead {
        @Test
        void refusesWhenTheConnectionIsReset() {
            peer.script(connection -> {
                connection.send("HTTP/1.1 200 OK\r\nContent-Le");
                connection.later(50, connection::reset);
            });

            expect(upstream.get(plan(at(peer))), UpstreamFault.RESET, Refusal.UPSTREAM_RESET);

            assertThat(peer.requests()).hasSize(1);
        }

        @Test
        void refusesWhenTheConnectionIsClosed() {
            peer.script(sendAndClose("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"));

            expect(upstream.get(plan(at(peer))), UpstreamFault.RESET, Refusal.UPSTREAM_RESET);
        }

        @Test
        void refusesAFloodOfInterimAnswers() {
            peer.script(send("HTTP/1.1 102 Processing\r\n\r\n".repeat(11) + ScriptedPeer.OK));

            RecordedCall call = upstream.get(plan(at(peer)));

            expect(call, UpstreamFault.MALFORMED, Refusal.UPSTREAM_PROTOCOL);
            assertThat(call.events.stream().filter("interim 102"::equals)).hasSize(10);
        }

        @Test
        void relaysTenInterimAnswers() {
            peer.script(send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(10) + ScriptedPeer.OK));

            RecordedCall call = upstream.get(plan(at(peer)));

            assertThat(call.await().text()).isEqualTo("hello");
            assertThat(call.events.stream().filter("interim 103"::equals)).hasSize(10);
        }
    }

    @Nested
    class InTheBody {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\n",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nhalf"
                })
        void refusesABodyThatIsCutOff(String answer) {
            peer.script(sendAndClose(answer));

            RecordedCall call = upstream.get(plan(at(peer)));

            expect(call, UpstreamFault.TRUNCATED, Refusal.UPSTREAM_RESET);
            assertThat(call.events).startsWith("started", "ready", "head 200");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
                    "HTTP/1.0 200 OK\r\n\r\nhalf"
                })
        void refusesABodyThatIsReset(String answer) {
            peer.script(connection -> {
                connection.send(answer);
                connection.later(100, connection::reset);
            });

            expect(upstream.get(plan(at(peer))), UpstreamFault.TRUNCATED, Refusal.UPSTREAM_RESET);
        }

        @Test
        void refusesABodyThatStalls() {
            UpstreamLimits usual = UpstreamFixture.limits();
            try (UpstreamFixture impatient = new UpstreamFixture(
                    new UpstreamLimits(
                            usual.connectTimeout(),
                            usual.responseTimeout(),
                            Duration.ofMillis(200),
                            usual.idleTimeout(),
                            usual.maxHeaderBytes(),
                            usual.maxHeaderCount(),
                            usual.maxConnections(),
                            usual.maxWaiting()),
                    1)) {
                peer.script(send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));

                RecordedCall call = impatient.get(plan(at(peer)));

                assertThat(call.awaitFault()).isEqualTo(UpstreamFault.TRUNCATED);
                assertThat(call.text()).isEqualTo("half");
            }
        }

        @Test
        void refusesAPauseThatIsLongerThanTheTimeToAnswer() {
            peer.script(send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));

            expect(
                    upstream.get(plan(Duration.ofMillis(200), at(peer))),
                    UpstreamFault.TRUNCATED,
                    Refusal.UPSTREAM_RESET);
        }

        @Test
        void waitsForAReaderThatTakesItsTime() {
            UpstreamLimits usual = UpstreamFixture.limits();
            try (UpstreamFixture impatient = new UpstreamFixture(
                    new UpstreamLimits(
                            usual.connectTimeout(),
                            usual.responseTimeout(),
                            Duration.ofMillis(100),
                            usual.idleTimeout(),
                            usual.maxHeaderBytes(),
                            usual.maxHeaderCount(),
                            usual.maxConnections(),
                            usual.maxWaiting()),
                    1)) {
                peer.script(send("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + "x".repeat(200_000)));
                RecordedCall call = impatient.get(plan(at(peer))).withoutReading();
                await().pollDelay(Duration.ofMillis(500)).until(() -> call.events.contains("head 200"));

                call.readAll();

                assertThat(call.await().bytes()).isEqualTo(200_000);
                assertThat(call.failure).isNull();
            }
        }
    }

    @Nested
    class BehindTheResponse {
        @Test
        void dropsAConnectionWithSurplusBytes() {
            peer.script(send(ScriptedPeer.OK + "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\npoisoned"));

            assertThat(upstream.get(plan(at(peer))).await().text()).isEqualTo("hello");
            assertThat(upstream.get(plan(at(peer))).await().text()).isEqualTo("hello");

            assertThat(peer.connections()).hasSize(2);
            assertThat(upstream.count("gateway.upstream.errors", "cause", "surplus"))
                    .isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"H", "\r", "HTTP/1.1 200 OK\r\nContent-Le"})
        void dropsAConnectionWithTheBeginningOfSurplusBytes(String surplus) {
            peer.script(send(ScriptedPeer.OK + surplus));

            upstream.get(plan(at(peer))).await();
            upstream.get(plan(at(peer))).await();

            assertThat(peer.connections()).hasSize(2);
        }

        @Test
        void dropsARestingConnectionAtTheFirstByte() {
            upstream.get(plan(at(peer))).await();

            peer.connections().get(0).send("x");

            await().until(() -> !peer.connections().get(0).isOpen());
            assertThat(upstream.get(plan(at(peer))).await().status()).isEqualTo(200);
            assertThat(peer.connections()).hasSize(2);
        }

        @Test
        void forgetsARestingConnectionThatIsClosed() {
            upstream.get(plan(at(peer))).await();

            peer.connections().get(0).close();
            await().untilAsserted(() -> assertThat(upstream.connections("idle")).isZero());

            assertThat(upstream.send(HttpMethod.POST, "data", plan(at(peer)))
                            .await()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Nested
    class EarlyAnswers {
        @Test
        void relaysAnEarlyRefusalAndDropsTheRestOfTheRequest() {
            peer.answerAtHead().script(send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\n\r\nstop"));
            RecordedCall call = upstream.call(
                    0, UpstreamFixture.head(HttpMethod.POST), BodyFraming.length(500_000), plan(at(peer)));
            await().until(() -> call.events.contains("ready"));
            call.onLoop(started -> {
                started.write(RecordedCall.bytes("first"));
                started.flush();
            });

            call.await();
            call.onLoop(started -> started.write(RecordedCall.bytes("late")));

            assertThat(call.status()).isEqualTo(413);
            assertThat(call.text()).isEqualTo("stop");
            await().until(() -> !peer.connections().get(0).isOpen());
            assertThat(upstream.count("gateway.upstream.errors", "cause", "early_response"))
                    .isEqualTo(1);
        }

        @Test
        void keepsSendingWhileASuccessIsStillAnswering() {
            peer.answerAtHead().script(send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfrom\r\n"));
            RecordedCall call =
                    upstream.call(0, UpstreamFixture.head(HttpMethod.POST), BodyFraming.length(4), plan(at(peer)));
            await().until(() -> call.events.contains("ready"));
            call.onLoop(UpstreamCall::flush);
            await().until(() -> call.events.contains("head 200"));
            ScriptedPeer.Connection connection = peer.connections().get(0);
            long before = connection.received();

            call.onLoop(started -> {
                started.write(RecordedCall.bytes("data"));
                started.end();
            });
            await().until(() -> connection.received() == before + 4);
            connection.send("0\r\n\r\n");

            assertThat(call.await().text()).isEqualTo("from");
        }
    }

    @Nested
    class ClientGone {
        @Test
        void dropsTheConnection() {
            peer.script(send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));
            RecordedCall call = upstream.get(plan(at(peer)));
            await().until(() -> call.events.contains("head 200"));

            call.onLoop(UpstreamCall::cancel);

            await().until(() -> !peer.connections().get(0).isOpen());
            assertThat(call.events).doesNotContain("end");
            assertThat(call.failure).isNull();
            await().untilAsserted(
                            () -> assertThat(upstream.connections("active")).isZero());
        }
    }

    /** A port whose queue of connections is full: the system drops further attempts without a word. */
    private static final class Unanswered implements AutoCloseable {
        private final ServerSocket listening = new ServerSocket();
        private final List<SocketChannel> queue = new ArrayList<>();

        private Unanswered() throws IOException {
            listening.bind(new InetSocketAddress(NetUtil.LOCALHOST4, 0), 1);
            for (int i = 0; i < 8; i++) {
                SocketChannel waiting = SocketChannel.open();
                waiting.configureBlocking(false);
                waiting.connect(listening.getLocalSocketAddress());
                queue.add(waiting);
            }
        }

        private Target target() {
            return new Target("127.0.0.1", listening.getLocalPort(), null);
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel waiting : queue) {
                waiting.close();
            }
            listening.close();
        }
    }
}
