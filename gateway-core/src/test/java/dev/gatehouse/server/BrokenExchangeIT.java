package dev.gatehouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.exchange.BodySink;
import dev.gatehouse.exchange.BodyTransform;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong inside an exchange must end it, free what it holds and leave nobody waiting. */
@Timeout(60)
class BrokenExchangeIT {
    private static final int LARGE = 16 * 1024 * 1024;

    private EchoService service;

    @BeforeEach
    void startService() throws IOException {
        service = new EchoService();
    }

    @AfterEach
    void stopService() {
        service.close();
    }

    @Nested
    class Transforms {
        @Test
        void cutTheResponseWhenTheyFailAtItsEnd() throws IOException {
            Policy broken = responses(new FailsAtTheEnd());
            try (ServerFixture server = new ServerFixture(Map.of(), broken, service.forward());
                    RawClient client = new RawClient(server.port())) {
                client.get("/a");

                assertThat(client.rest()).doesNotContain("\r\n0\r\n\r\n");
                await().until(() -> server.traffic.inFlight() == 0 && server.connections.open() == 0);
            }
        }

        @Test
        void cutAReplyOfTheGatewayWhenTheyFailAtItsEnd() throws IOException {
            Policy broken = responses(new FailsAtTheEnd());
            try (ServerFixture server = new ServerFixture(Map.of(), broken, text("denied"));
                    RawClient client = new RawClient(server.port())) {
                client.get("/a");

                assertThat(client.rest()).doesNotContain("\r\n0\r\n\r\n");
                await().until(() -> server.traffic.inFlight() == 0 && server.connections.open() == 0);
            }
        }

        @Test
        void freeWhatTheyKeepWhenTheClientLeaves() throws IOException {
            Keeps keeps = new Keeps();
            try (ServerFixture server = new ServerFixture(Map.of(), responses(keeps), service.forward());
                    RawClient client = new RawClient(server.port(), 4096)) {
                client.get("/bytes/50000000");
                await().until(() -> keeps.pieces.get() > 0);

                client.reset();

                await().until(() -> keeps.aborted.get() == 1);
            }
        }

        @Test
        void refuseTheRequestWhenTheyFail() throws IOException {
            Policy broken = exchange -> {
                exchange.transformRequestBody(new Fails());
                return Verdict.next();
            };
            try (ServerFixture server = new ServerFixture(Map.of(), broken, service.forward());
                    RawClient client = new RawClient(server.port())) {
                client.send("POST /digest HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");

                assertThat(client.read().status()).isEqualTo(500);
                await().until(() -> server.traffic.inFlight() == 0);
            }
        }

        @Test
        void refuseTheRequestWhenTheyFailAtItsEnd() throws IOException {
            Policy broken = exchange -> {
                exchange.transformRequestBody(new FailsAtTheEnd());
                return Verdict.next();
            };
            try (ServerFixture server = new ServerFixture(Map.of(), broken, service.forward());
                    RawClient client = new RawClient(server.port())) {
                client.send("POST /digest HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");

                assertThat(client.read().status()).isEqualTo(500);
                await().until(() -> server.traffic.inFlight() == 0);
            }
        }

        @Test
        void alsoSeeABodyThatWasCollected() throws IOException {
            Policy reads = exchange -> Verdict.await(exchange.requestBody(100), body -> {
                body.release();
                return Verdict.next();
            });
            Policy upper = exchange -> {
                exchange.transformRequestBody(new UpperCase());
                return Verdict.next();
            };
            try (ServerFixture server = new ServerFixture(Map.of(), reads, upper, service.forward());
                    RawClient client = new RawClient(server.port())) {
                client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");

                assertThat(client.read().body()).isEqualTo("HELLO!");
            }
        }
    }

    @Nested
    class Policies {
        @Test
        void refusesToForwardABodyThatIsHalfCollected() throws IOException {
            Policy careless = exchange -> {
                var unused = exchange.requestBody(100);
                return Verdict.next();
            };
            try (ServerFixture server = new ServerFixture(Map.of(), careless, service.forward());
                    RawClient client = new RawClient(server.port())) {
                client.send("POST /digest HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");

                assertThat(client.read().status()).isEqualTo(500);
                assertThat(service.requests).isEmpty();
            }
        }

        @Test
        void refusesASecondLookAtABodyThatIsTooLargeForIt() throws IOException {
            Policy large = exchange -> Verdict.await(exchange.requestBody(100), body -> {
                body.release();
                return Verdict.next();
            });
            Policy small = exchange -> Verdict.await(exchange.requestBody(3), body -> {
                body.release();
                return Verdict.next();
            });
            try (ServerFixture server = new ServerFixture(Map.of(), large, small, service.forward());
                    RawClient client = new RawClient(server.port())) {
                client.send("POST /digest HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
                client.send("4\r\nhell\r\n0\r\n\r\n");

                assertThat(client.read().status()).isEqualTo(413);
                assertThat(service.requests).isEmpty();
            }
        }

        @Test
        void runsNoPolicyAfterABodyWasRefused() throws IOException {
            AtomicInteger later = new AtomicInteger();
            Policy careless = exchange -> {
                var unused = exchange.requestBody(3);
                return Verdict.next();
            };
            Policy counts = exchange -> {
                later.incrementAndGet();
                return Verdict.next();
            };
            try (ServerFixture server = new ServerFixture(Map.of(), careless, counts, service.forward());
                    RawClient client = new RawClient(server.port())) {
                client.send("POST /digest HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");

                assertThat(client.read().status()).isEqualTo(413);
                client.get("/").read();
                assertThat(later).hasValue(1);
            }
        }

        @Test
        void refusesWhenAServiceHasNoTarget() throws IOException {
            Policy nowhere = exchange -> exchange.request().uri().equals("/nowhere")
                    ? Verdict.forward(new ForwardPlan("none", List.of(), "/", null, false))
                    : Verdict.next();
            try (ServerFixture server = new ServerFixture(Map.of(), nowhere, service.forward());
                    RawClient client = new RawClient(server.port())) {
                String behind = "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n";
                client.send("GET /first HTTP/1.1\r\nHost: a\r\n\r\n" + behind);

                assertThat(client.read().body()).isEqualTo("GET /first");
                assertThat(client.read().status()).isEqualTo(500);
                await().until(() -> server.traffic.inFlight() == 0);
            }
        }

        @Test
        void countTheRequestEvenWhenACompletionHookFails() throws IOException {
            AtomicInteger completed = new AtomicInteger();
            Policy broken = exchange -> {
                exchange.onComplete(status -> {
                    throw new IllegalStateException("a detail");
                });
                exchange.onComplete(completed::addAndGet);
                return Verdict.next();
            };
            try (ServerFixture server = new ServerFixture(Map.of(), broken, service.forward());
                    RawClient client = new RawClient(server.port())) {
                assertThat(client.get("/a").read().status()).isEqualTo(200);
                assertThat(client.get("/b").read().status()).isEqualTo(200);
                await().until(() -> server.traffic.inFlight() == 0 && completed.get() == 400);
            }
        }
    }

    @Nested
    class Connections {
        @Test
        void deliverAResponseThatIsStillBufferedWhenTheGatewayStops() throws IOException {
            try (ServerFixture server = new ServerFixture(Map.of(), bytes(LARGE));
                    RawClient client = new RawClient(server.port(), 4096)) {
                client.get("/");
                await().until(() -> server.traffic.finished() == 1);

                server.drain();

                assertThat(client.read().body()).hasSize(LARGE);
                await().until(() -> server.connections.open() == 0);
            }
        }

        @Test
        void deliverAResponseThatIsStillBufferedWhenTheClientStopsSending() throws IOException {
            try (ServerFixture server = new ServerFixture(Map.of(), bytes(LARGE));
                    RawClient client = new RawClient(server.port(), 4096)) {
                client.get("/");
                await().until(() -> server.traffic.finished() == 1);

                client.stopSending();

                assertThat(client.read().body()).hasSize(LARGE);
                await().until(() -> server.connections.open() == 0);
            }
        }

        @Test
        void deliverARefusalToASlowReaderThatStillSends() throws IOException {
            try (ServerFixture server = new ServerFixture(Map.of(), bytes(LARGE));
                    RawClient client = new RawClient(server.port(), 4096)) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\nx");
                await().until(() -> server.traffic.finished() == 1);

                // Longer than the gateway lingers: what it waits for is the reader, not the clock.
                await().pollDelay(1500, TimeUnit.MILLISECONDS).until(() -> server.connections.open() == 1);

                assertThat(client.read().body()).hasSize(LARGE);
                await().until(() -> server.connections.open() == 0);
            }
        }

        @Test
        void deliverTheRefusalOfAHeadThatIsFarTooLarge() throws IOException {
            try (ServerFixture server = new ServerFixture(Map.of(), service.forward());
                    RawClient client = new RawClient(server.port())) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(4 * 1024 * 1024));

                assertThat(client.read().status()).isEqualTo(431);
                assertThat(client.rest()).isEmpty();
            }
        }

        @Test
        void endWhenTheRestOfAWaitingBodyNeverComes() throws IOException {
            CompletableFuture<Void> gate = new CompletableFuture<>();
            Policy wait = exchange -> Verdict.await(gate, done -> Verdict.next());
            try (ServerFixture server = new ServerFixture(Map.of(), wait, service.forward());
                    RawClient client = new RawClient(server.port())) {
                client.send("POST /digest HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
                client.stopSending();
                await().until(() -> server.traffic.inFlight() == 1);
                gate.complete(null);

                await().atMost(5, TimeUnit.SECONDS)
                        .until(() -> server.connections.open() == 0 && server.traffic.inFlight() == 0);
            }
        }
    }

    private static Policy responses(BodyTransform transform) {
        return exchange -> {
            exchange.onResponse(response -> response.transformBody(transform));
            return Verdict.next();
        };
    }

    private static Policy text(String text) {
        return bytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Policy bytes(int size) {
        return bytes(EchoService.piece(size));
    }

    private static Policy bytes(byte[] content) {
        return exchange -> Verdict.reply(Reply.of(null, 200, "text/plain", content));
    }

    private record Fails() implements BodyTransform {
        @Override
        public void onData(ByteBuf chunk, BodySink out) {
            throw new IllegalStateException("a detail");
        }
    }

    private record FailsAtTheEnd() implements BodyTransform {
        @Override
        public void onData(ByteBuf chunk, BodySink out) {
            out.write(chunk.retainedSlice());
        }

        @Override
        public void onEnd(BodySink out) {
            throw new IllegalStateException("a detail");
        }
    }

    private record UpperCase() implements BodyTransform {
        @Override
        public void onData(ByteBuf chunk, BodySink out) {
            String text = chunk.toString(StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
            out.write(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
        }

        @Override
        public void onEnd(BodySink out) {
            out.write(Unpooled.copiedBuffer("!", StandardCharsets.ISO_8859_1));
        }
    }

    /** Keeps the first piece until it is told to free it. */
    private static final class Keeps implements BodyTransform {
        private final AtomicInteger pieces = new AtomicInteger();
        private final AtomicInteger aborted = new AtomicInteger();
        private ByteBuf kept = Unpooled.EMPTY_BUFFER;

        @Override
        public void onData(ByteBuf chunk, BodySink out) {
            if (pieces.getAndIncrement() == 0) {
                kept = chunk.retainedSlice();
            } else {
                out.write(chunk.retainedSlice());
            }
        }

        @Override
        public void onAbort() {
            kept.release();
            aborted.incrementAndGet();
        }
    }
}
