package dev.gatehouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.exchange.BodySink;
import dev.gatehouse.exchange.BodyTransform;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpServerIT {
    private static final Policy REFUSE = exchange -> Verdict.reply(Reply.refuse(Refusal.NO_CREDENTIALS));

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
    class Ordinarily {
        @Test
        void forwardsAndAnswersSeveralRequestsOfAConnection() throws IOException {
            try (ServerFixture server = forwarding(Map.of());
                    RawClient client = new RawClient(server.port())) {
                assertThat(client.get("/a?x=1").read().body()).isEqualTo("GET /a?x=1");
                assertThat(client.get("/b").read().body()).isEqualTo("GET /b");
                assertThat(server.traffic.finished()).isEqualTo(2);
            }
        }

        @Test
        void answersPipelinedRequestsInOrder() throws IOException {
            try (ServerFixture server = forwarding(Map.of());
                    RawClient client = new RawClient(server.port())) {
                StringBuilder requests = new StringBuilder();
                for (int i = 0; i < 50; i++) {
                    requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
                }
                client.send(requests.toString());

                for (int i = 0; i < 50; i++) {
                    assertThat(client.read().body()).isEqualTo("GET /" + i);
                }
            }
        }

        @Test
        void streamsABodyWithLengthAndAChunkedOne() throws IOException {
            try (ServerFixture server = forwarding(Map.of());
                    RawClient client = new RawClient(server.port())) {
                client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
                assertThat(client.read().body()).isEqualTo("hello");

                client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
                client.send("3;ext=1\r\nhel\r\n2\r\nlo\r\n0\r\nX-Trailer: 1\r\n\r\n");
                assertThat(client.read().body()).isEqualTo("hello");
            }
        }

        @Test
        void takesARequestByteByByte() throws IOException {
            try (ServerFixture server = forwarding(Map.of());
                    RawClient client = new RawClient(server.port())) {
                String head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
                String request = head.concat("3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n");
                for (int i = 0; i < request.length(); i++) {
                    client.send(request.substring(i, i + 1));
                }

                assertThat(client.read().body()).isEqualTo("hello");
            }
        }

        @Test
        void answersHeadWithoutBody() throws IOException {
            try (ServerFixture server = new ServerFixture(Map.of(), REFUSE);
                    RawClient client = new RawClient(server.port())) {
                client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");

                assertThat(client.read(true).header("content-length")).isEqualTo("12");
                assertThat(client.read().body()).isEqualTo("Unauthorized");
            }
        }

        @Test
        void closesAfterTheAnswerWhenTheClientAsksForIt() throws IOException {
            try (ServerFixture server = forwarding(Map.of());
                    RawClient client = new RawClient(server.port())) {
                RawClient.Response response =
                        client.get("/a", "Connection: close").read();

                assertThat(response.header("connection")).isEqualTo("close");
                assertThat(client.rest()).isEmpty();
            }
        }

        @Test
        void speaksToHttp10WithoutChunks() throws IOException {
            try (ServerFixture server = forwarding(Map.of());
                    RawClient client = new RawClient(server.port())) {
                client.send("POST /echo HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi");

                RawClient.Response response = client.read();
                assertThat(response.header("transfer-encoding")).isNull();
                assertThat(response.body()).isEqualTo("hi");
            }
        }

        @Test
        void stillAnswersAClientThatStoppedSending() throws IOException {
            try (ServerFixture server = forwarding(Map.of());
                    RawClient client = new RawClient(server.port())) {
                client.get("/a").stopSending();

                assertThat(client.read().body()).isEqualTo("GET /a");
                assertThat(client.rest()).isEmpty();
            }
        }
    }

    @Nested
    class WithExpectation {
        @Test
        void asksForTheBodyOnlyWhenItIsForwarded() throws IOException {
            try (ServerFixture server = forwarding(Map.of());
                    RawClient client = new RawClient(server.port())) {
                client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
                assertThat(client.read().status()).isEqualTo(100);
                client.send("hi");

                assertThat(client.read().body()).isEqualTo("hi");
            }
        }

        @Test
        void refusesWithoutAskingForTheBody() throws IOException {
            try (ServerFixture server = new ServerFixture(Map.of(), REFUSE);
                    RawClient client = new RawClient(server.port())) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");

                RawClient.Response response = client.read();
                assertThat(response.status()).isEqualTo(401);
                assertThat(response.header("connection")).isEqualTo("close");
            }
        }

        @Test
        void refusesAnUnknownExpectation() throws IOException {
            try (ServerFixture server = forwarding(Map.of());
                    RawClient client = new RawClient(server.port())) {
                assertThat(client.get("/", "Expect: a-miracle").read().status()).isEqualTo(417);
                assertThat(service.requests).isEmpty();
            }
        }
    }

    @Nested
    class WhenRefusing {
        @Test
        void neverReadsAnUnreadBodyAsARequest() throws IOException {
            try (ServerFixture server = new ServerFixture(Map.of(), REFUSE);
                    RawClient client = new RawClient(server.port())) {
                String inner = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + inner.length() + "\r\n\r\n" + inner);
                client.get("/next");

                assertThat(client.read().status()).isEqualTo(401);
                assertThat(client.read().status()).isEqualTo(401);
                client.stopSending();
                assertThat(client.rest()).isEmpty();
                assertThat(server.traffic.finished()).isEqualTo(2);
            }
        }

        @Test
        void closesWhenTheRestOfTheBodyIsLarge() throws IOException {
            try (ServerFixture server = new ServerFixture(Map.of(), REFUSE);
                    RawClient client = new RawClient(server.port())) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\nx");

                RawClient.Response response = client.read();
                assertThat(response.status()).isEqualTo(401);
                assertThat(response.header("connection")).isEqualTo("close");
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "GET / HTTP/1.1\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer\r\n token\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
                    "GET / HTTP/1.1\nHost: a\n\n",
                    "GET /\r\n\r\n",
                    " GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                    "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
                    "GET\u000b/ HTTP/1.1\r\nHost: a\r\n\r\n",
                    "GET /\tHTTP/1.1\r\nHost: a\r\n\r\n",
                    "GET / http/1.1\r\nHost: a\r\n\r\n",
                    "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                    "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\r\n\r\n"
                })
        void answers400OnceAndClosesAfterAnUnreadableHead(String bytes) throws IOException {
            try (ServerFixture server = forwarding(Map.of());
                    RawClient client = new RawClient(server.port())) {
                client.send(bytes + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n");

                assertThat(client.rest()).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.1");
                assertThat(service.requests).isEmpty();
            }
        }

        @Test
        void refusesABrokenChunkAndCutsTheUpload() throws IOException {
            try (ServerFixture server = forwarding(Map.of());
                    RawClient client = new RawClient(server.port())) {
                client.send("POST /digest HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nxyz\r\n");

                assertThat(client.rest()).startsWith("HTTP/1.1 400 ");
            }
        }

        @Test
        void saysWhichLimitWasHit() throws IOException {
            try (ServerFixture server =
                    forwarding(Map.of("maxRequestLineBytes", 100L, "maxHeaderBytes", 200L, "maxHeaderCount", 3L))) {
                assertThat(status(server, "GET /" + "a".repeat(100) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                        .isEqualTo(414);
                assertThat(status(server, "GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(200) + "\r\n\r\n"))
                        .isEqualTo(431);
                assertThat(status(server, "GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 1\r\nC: 1\r\n\r\n"))
                        .isEqualTo(431);
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {4, 5, 6})
        void boundsTheBody(int size) throws IOException {
            try (ServerFixture server = forwarding(Map.of("maxBodyBytes", 5L))) {
                String body = "x".repeat(size);
                int expected = size > 5 ? 413 : 200;
                assertThat(status(
                                server,
                                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n" + body))
                        .isEqualTo(expected);
                assertThat(status(
                                server,
                                "POST /digest HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + size + "\r\n"
                                        + body + "\r\n0\r\n\r\n"))
                        .isEqualTo(expected);
            }
        }

        @Test
        void answers500WithoutDetailsWhenAPolicyThrows() throws IOException {
            Policy broken = exchange -> {
                throw new IllegalStateException("a detail");
            };
            try (ServerFixture server = new ServerFixture(Map.of(), broken, service.forward());
                    RawClient client = new RawClient(server.port())) {
                RawClient.Response response = client.get("/").read();

                assertThat(response.status()).isEqualTo(500);
                assertThat(response.body()).isEqualTo("Internal Server Error");
                assertThat(service.requests).isEmpty();
            }
        }

        @Test
        void answers500WhenAResponseHookThrows() throws IOException {
            Policy broken = exchange -> {
                exchange.onResponse(response -> {
                    throw new IllegalStateException("a detail");
                });
                return Verdict.next();
            };
            try (ServerFixture server = new ServerFixture(Map.of(), broken, service.forward());
                    RawClient client = new RawClient(server.port())) {
                assertThat(client.get("/").read().status()).isEqualTo(500);
                assertThat(client.get("/").read().status()).isEqualTo(500);
            }
        }

        private int status(ServerFixture server, String request) throws IOException {
            try (RawClient client = new RawClient(server.port())) {
                return client.send(request).read().status();
            }
        }
    }

    @Nested
    class WithDeadlines {
        @Test
        void answers408WhenTheHeadDoesNotEnd() throws IOException {
            try (ServerFixture server = forwarding(Map.of("requestHeaderTimeoutMs", 200L));
                    RawClient client = new RawClient(server.port())) {
                client.send("GET / HTTP/1.1\r\nHost:");

                assertThat(client.rest()).startsWith("HTTP/1.1 408 ");
            }
        }

        @Test
        void closesAnIdleConnectionSilently() throws IOException {
            try (ServerFixture server = forwarding(Map.of("keepAliveTimeoutMs", 200L));
                    RawClient client = new RawClient(server.port())) {
                assertThat(client.get("/a").read().status()).isEqualTo(200);

                assertThat(client.rest()).isEmpty();
            }
        }

        @Test
        void answers408WhenTheBodyStops() throws IOException {
            try (ServerFixture server = forwarding(Map.of("requestBodyIdleTimeoutMs", 200L));
                    RawClient client = new RawClient(server.port())) {
                client.send("POST /digest HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");

                assertThat(client.rest()).startsWith("HTTP/1.1 408 ");
            }
        }

        @Test
        void closesOnAClientThatReadsNothing() throws IOException {
            try (ServerFixture server = forwarding(Map.of("responseWriteIdleTimeoutMs", 300L));
                    RawClient client = new RawClient(server.port(), 4096)) {
                client.get("/bytes/50000000");

                await().atMost(10, TimeUnit.SECONDS).until(() -> server.connections.open() == 0);
            }
        }

        @Test
        void closesAfterTheLastAllowedRequest() throws IOException {
            try (ServerFixture server = forwarding(Map.of("maxRequestsPerConnection", 2L));
                    RawClient client = new RawClient(server.port())) {
                assertThat(client.get("/").read().header("connection")).isNull();
                assertThat(client.get("/").read().header("connection")).isEqualTo("close");
                assertThat(client.rest()).isEmpty();
            }
        }

        @Test
        void refusesConnectionsAboveTheBound() throws IOException {
            try (ServerFixture server = forwarding(Map.of("maxConnections", 1L));
                    RawClient first = new RawClient(server.port())) {
                assertThat(first.get("/").read().status()).isEqualTo(200);
                try (RawClient second = new RawClient(server.port())) {
                    assertThat(second.read().status()).isEqualTo(503);
                }
                assertThat(first.get("/").read().status()).isEqualTo(200);
            }
        }
    }

    @Nested
    class WhenStopping {
        @Test
        void closesIdleConnectionsAndFinishesTheOthers() throws IOException {
            CompletableFuture<Void> gate = new CompletableFuture<>();
            Policy wait = exchange -> Verdict.await(gate, done -> Verdict.next());
            try (ServerFixture server = new ServerFixture(Map.of(), wait, service.forward());
                    RawClient idle = new RawClient(server.port());
                    RawClient busy = new RawClient(server.port())) {
                busy.get("/a");
                await().until(() -> server.traffic.inFlight() == 1 && server.connections.open() == 2);

                server.drain();
                assertThat(idle.rest()).isEmpty();
                gate.complete(null);

                RawClient.Response response = busy.read();
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.header("connection")).isEqualTo("close");
                await().until(() -> server.connections.open() == 0);
            }
        }

        @Test
        void forgetsARequestWhoseClientLeft() throws IOException {
            CompletableFuture<Void> gate = new CompletableFuture<>();
            Policy wait = exchange -> Verdict.await(gate, done -> Verdict.next());
            try (ServerFixture server = new ServerFixture(Map.of(), wait, service.forward())) {
                RawClient client = new RawClient(server.port());
                client.get("/a");
                await().until(() -> server.traffic.inFlight() == 1);

                client.reset();

                await().until(() -> server.traffic.inFlight() == 0);
                gate.complete(null);
                assertThat(service.requests).isEmpty();
            }
        }
    }

    @Nested
    class WithLargeBodies {
        private static final int SIZE = 30 * 1024 * 1024;

        @Test
        void keepsMemoryBoundedWhenTheClientReadsSlowly() throws IOException {
            try (ServerFixture server = forwarding(Map.of());
                    RawClient client = new RawClient(server.port(), 16 * 1024)) {
                // What earlier tests left in the allocator's arenas is not this test's.
                long before = directMemory();
                client.get("/bytes/" + SIZE);
                long most = before;
                long total = 0;
                InputStream in = client.stream();
                byte[] piece = new byte[64 * 1024];
                while (total < SIZE) {
                    int n = in.read(piece);
                    assertThat(n).isPositive();
                    total += n;
                    most = Math.max(most, directMemory());
                }

                assertThat(total).isGreaterThanOrEqualTo(SIZE);
                assertThat(most - before).isLessThan(8L * 1024 * 1024);
            }
        }

        @Test
        void deliversAnUploadUnchanged() throws IOException, NoSuchAlgorithmException {
            try (ServerFixture server = forwarding(Map.of());
                    RawClient client = new RawClient(server.port())) {
                byte[] piece = EchoService.piece(64 * 1024);
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                client.send("POST /digest HTTP/1.1\r\nHost: a\r\nContent-Length: " + SIZE + "\r\n\r\n");
                for (int sent = 0; sent < SIZE; sent += piece.length) {
                    client.send(piece);
                    digest.update(piece);
                }

                assertThat(client.read().body()).isEqualTo(HexFormat.of().formatHex(digest.digest()));
            }
        }

        private static long directMemory() {
            long pooled = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
            return Math.max(pooled, PlatformDependent.usedDirectMemory());
        }
    }

    @Nested
    class WithBodyWork {
        @Test
        void handsTheWholeBodyToAPolicyAndForwardsIt() throws IOException {
            Policy reads = exchange -> Verdict.await(exchange.requestBody(100), body -> {
                exchange.request().headers().set("x-length", body.readableBytes());
                body.release();
                return Verdict.next();
            });
            try (ServerFixture server = new ServerFixture(Map.of(), reads, service.forward());
                    RawClient client = new RawClient(server.port())) {
                client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n");
                client.send("2\r\nlo\r\n0\r\n\r\n");

                assertThat(client.read().body()).isEqualTo("hello");
            }
        }

        @Test
        void refusesABodyThatIsTooLargeToHold() throws IOException {
            Policy reads = exchange -> Verdict.await(exchange.requestBody(4), body -> {
                body.release();
                return Verdict.next();
            });
            try (ServerFixture server = new ServerFixture(Map.of(), reads, service.forward());
                    RawClient client = new RawClient(server.port())) {
                client.send(
                        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");

                assertThat(client.read().status()).isEqualTo(413);
                assertThat(service.requests).isEmpty();
            }
        }

        @Test
        void transformsBothDirections() throws IOException {
            Policy upper = exchange -> {
                exchange.transformRequestBody(new UpperCase());
                exchange.onResponse(response -> response.transformBody(new Brackets()));
                return Verdict.next();
            };
            try (ServerFixture server = new ServerFixture(Map.of(), upper, service.forward());
                    RawClient client = new RawClient(server.port())) {
                client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");

                assertThat(client.read().body())
                        .startsWith("[")
                        .contains("HELLO")
                        .endsWith("]");
            }
        }

        private record UpperCase() implements BodyTransform {
            @Override
            public void onData(ByteBuf chunk, BodySink out) {
                String text = chunk.toString(StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
                out.write(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
            }
        }

        private record Brackets() implements BodyTransform {
            @Override
            public void onData(ByteBuf chunk, BodySink out) {
                out.write(Unpooled.copiedBuffer("[", StandardCharsets.ISO_8859_1));
                out.write(chunk.retainedSlice());
            }

            @Override
            public void onEnd(BodySink out) {
                out.write(Unpooled.copiedBuffer("]", StandardCharsets.ISO_8859_1));
            }
        }
    }

    @Test
    void namesTheServiceInNoAnswerOfItsOwn() throws IOException {
        service.close();
        try (ServerFixture server = forwarding(Map.of());
                RawClient client = new RawClient(server.port())) {
            RawClient.Response response = client.get("/").read();

            assertThat(response.status()).isEqualTo(502);
            assertThat(response.body()).isEqualTo("Bad gateway.");
            assertThat(response.headers()).noneMatch(line -> line.contains("127.0.0.1"));
        }
    }

    private ServerFixture forwarding(Map<String, Object> limits) {
        Policy host = exchange -> {
            exchange.request().headers().set("host", "service");
            return Verdict.next();
        };
        return new ServerFixture(limits, host, service.forward());
    }
}
