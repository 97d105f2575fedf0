package dev.gatehouse.server;

import static dev.gatehouse.upstream.ScriptedPeer.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.client.Target;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.exchange.RedirectRules;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.Verdict;
import dev.gatehouse.tls.PemFixture;
import dev.gatehouse.upstream.ScriptedPeer;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets between clients and services. */
@Timeout(60)
class WebSocketIT {
    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    private static final String VERSION = "Sec-WebSocket-Version: 13";
    private static final String[] HANDSHAKE = {"Connection: keep-alive, Upgrade", "Upgrade: websocket", KEY, VERSION};
    private static final String ACCEPTED = String.join(
            "\r\n",
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
            "X-Service: yes",
            "",
            "");

    private ScriptedPeer service;
    private @Nullable ServerFixture server;

    @BeforeEach
    void start() {
        service = ScriptedPeer.start();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        service.close();
    }

    private static Policy forward(int port, boolean upgradable) {
        Target target = new Target("127.0.0.1", port, null);
        return exchange -> Verdict.forward(new ForwardPlan(
                "backend",
                List.of(target),
                exchange.request().uri(),
                null,
                false,
                new RedirectRules(Set.of()),
                upgradable));
    }

    private ServerFixture serve(Map<String, Object> limits, Policy... policies) {
        ServerFixture started = new ServerFixture(limits, policies);
        server = started;
        return started;
    }

    private RawClient client() throws IOException {
        return new RawClient(serve(Map.of(), forward(service.port(), true)).port());
    }

    private RawClient.Response open(RawClient client) throws IOException {
        service.answerAtHead().otherwise(send(ACCEPTED));
        return client.get("/ws", HANDSHAKE).read();
    }

    @Nested
    class Frames {
        private final WebSocketFixture sockets = new WebSocketFixture();

        @AfterEach
        void stop() {
            sockets.close();
        }

        private WebSocketFixture.Client connect() {
            int port = serve(Map.of(), forward(sockets.port(), true)).port();
            WebSocketFixture.Client client = sockets.connect(port, null);
            await().until(client::isReady);
            return client;
        }

        @Test
        void passInBothDirections() {
            WebSocketFixture.Client client = connect();

            client.send(new TextWebSocketFrame("hello"));
            client.send(new TextWebSocketFrame(false, 0, "be"));
            client.send(new ContinuationWebSocketFrame(true, 0, "tween"));
            client.send(new PingWebSocketFrame());

            await().until(() -> client.received.size() == 4);
            assertThat(client.received)
                    .containsExactly("hello", "be", "ContinuationWebSocketFrame", "PongWebSocketFrame");
            client.close();
        }

        @Test
        void passWhenTheyAreLarge() {
            WebSocketFixture.Client client = connect();
            String large = "x".repeat(300_000);

            client.send(new TextWebSocketFrame(large));

            await().until(() -> client.received.size() == 1);
            assertThat(client.received.element()).isEqualTo(large);
            client.close();
        }

        @Test
        void endAsTheServiceEndsThem() {
            WebSocketFixture.Client client = connect();

            client.send(new TextWebSocketFrame("bye"));

            await().until(() -> !client.isOpen());
            assertThat(client.received).containsExactly("CloseWebSocketFrame");
            await().until(() -> server().traffic.inFlight() == 0);
        }

        @Test
        void endAsTheClientEndsThemAndLeaveALineInTheLog() {
            WebSocketFixture.Client client = connect();
            client.send(new TextWebSocketFrame("hello"));
            await().until(() -> client.received.size() == 1);
            assertThat(server().log).isEmpty();
            assertThat(server().traffic.inFlight()).isEqualTo(1);

            client.send(new CloseWebSocketFrame(1000, "done"));

            await().until(() -> !server().log.isEmpty());
            assertThat(server().log.element())
                    .contains("\"protocol\":\"ws\"", "\"status\":101", "\"upstream_status\":101")
                    // A text frame has 2 bytes of head and, from a client, 4 of mask; the close frame 2 bytes of code.
                    .contains("\"bytes_in\":23", "\"bytes_out\":15")
                    .doesNotContain("\"error\"");
        }
    }

    @Nested
    class Handshake {
        @Test
        void isRebuiltForTheService() throws IOException {
            try (RawClient client = client()) {
                RawClient.Response response = open(client);

                assertThat(response.status()).isEqualTo(101);
                assertThat(response.header("upgrade")).isEqualTo("websocket");
                assertThat(response.header("connection")).isEqualTo("upgrade");
                assertThat(response.header("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
                assertThat(response.header("x-service")).isEqualTo("yes");
                assertThat(response.header("x-request-id")).isNotEmpty();
            }
            assertThat(service.requests().get(0))
                    .startsWith("GET /ws HTTP/1.1\r\n")
                    .contains("\r\nconnection: upgrade\r\n", "\r\nupgrade: websocket\r\n", "sec-websocket-key: dGhl")
                    .doesNotContain("keep-alive");
        }

        @Test
        void carriesWhatBothSidesSentTooEarly() throws IOException {
            service.answerAtHead().otherwise(send(ACCEPTED + "from the service"));
            try (RawClient client = client()) {
                client.send(
                        "GET /ws HTTP/1.1\r\nHost: a\r\n" + String.join("\r\n", HANDSHAKE) + "\r\n\r\nfrom the client");

                assertThat(client.read().status()).isEqualTo(101);
                assertThat(client.stream().readNBytes(16)).asString().isEqualTo("from the service");
                ScriptedPeer.Connection connection = service.connections().get(0);
                long head = service.requests().get(0).length();
                await().until(() -> connection.received() == head + 15);
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno",
                    "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 2\r\n\r\nno",
                    "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n",
                })
        void handsARefusalOfTheServiceToTheClientAndGoesOn(String refusal) throws IOException {
            service.script(send(refusal));
            try (RawClient client = client()) {
                client.send("GET /ws HTTP/1.1\r\nHost: a\r\n" + String.join("\r\n", HANDSHAKE)
                        + "\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n");

                assertThat(client.read().body()).isEqualTo("no");
                assertThat(client.read().body()).isEqualTo("hello");
            }
            assertThat(service.requests().get(1)).startsWith("GET /next ").doesNotContain("upgrade");
            assertThat(service.connections()).hasSize(1);
        }

        @Test
        void refusesWithoutATokenBeforeTheServiceHears() throws IOException {
            Policy guard = exchange -> Verdict.reply(Reply.refuse(Refusal.NO_CREDENTIALS));
            try (RawClient client = new RawClient(
                    serve(Map.of(), guard, forward(service.port(), true)).port())) {
                client.send("GET /ws HTTP/1.1\r\nHost: a\r\n" + String.join("\r\n", HANDSHAKE)
                        + "\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n");

                assertThat(client.read().status()).isEqualTo(401);
                assertThat(client.read().status()).isEqualTo(401);
            }
            assertThat(service.connections()).isEmpty();
        }

        @Test
        void readsNothingBehindItWhileAPolicyWaits() throws IOException {
            CompletableFuture<Void> gate = new CompletableFuture<>();
            Policy waits = exchange -> Verdict.await(gate, done -> Verdict.next());
            service.answerAtHead().otherwise(send(ACCEPTED));
            try (RawClient client = new RawClient(
                    serve(Map.of(), waits, forward(service.port(), true)).port())) {
                client.get("/ws", HANDSHAKE).send("GET /smuggled HTTP/1.1\r\n");
                await().until(() -> server().traffic.inFlight() == 1);
                client.send("Host: a\r\n\r\n");
                gate.complete(null);

                assertThat(client.read().status()).isEqualTo(101);
                long head = service.requests().get(0).length();
                await().until(() -> service.connections().get(0).received() == head + 35);
            }
            assertThat(server().traffic.finished()).isZero();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    VERSION,
                    KEY,
                    KEY + "\r\n" + KEY + "\r\n" + VERSION,
                    KEY + "\r\n" + VERSION + "\r\n" + VERSION,
                    "Sec-WebSocket-Key: short\r\n" + VERSION,
                    "Sec-WebSocket-Key: ====\r\n" + VERSION,
                    KEY + "\r\nSec-WebSocket-Version: thirteen",
                    KEY + "\r\nSec-WebSocket-Version: 256",
                    KEY + "\r\n" + VERSION + "\r\nContent-Length: 3\r\n\r\nabc",
                    "Connection: Sec-WebSocket-Key\r\n" + KEY + "\r\n" + VERSION,
                })
        void refusesWhatIsIncomplete(String fields) throws IOException {
            try (RawClient client = client()) {
                client.send("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n" + fields
                        + "\r\n\r\n");

                assertThat(client.read().status()).isEqualTo(400);
            }
            assertThat(service.connections()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "POST /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket",
                    "GET /x HTTP/1.0\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket",
                    "GET /x HTTP/1.1\r\nHost: a\r\nUpgrade: websocket",
                    "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nUpgrade: websocket",
                    "GET /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket, h2c",
                    "GET /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA",
                })
        void forwardsOtherWishesWithoutThem(String head) throws IOException {
            try (RawClient client = client()) {
                client.send(head + "\r\n" + KEY + "\r\n" + VERSION + "\r\n\r\n");

                assertThat(client.read().body()).isEqualTo("hello");
            }
            assertThat(service.requests().get(0)).doesNotContain("upgrade:", "connection:", "http2-settings");
        }

        @Test
        void isAnOrdinaryRequestWhereThePlanDoesNotAllowIt() throws IOException {
            try (RawClient client = new RawClient(
                    serve(Map.of(), forward(service.port(), false)).port())) {
                assertThat(client.get("/ws", HANDSHAKE).read().body()).isEqualTo("hello");
            }
            assertThat(service.requests().get(0)).doesNotContain("upgrade:", "connection:");
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void refusesA101ThatNobodyAskedFor(boolean upgradable) throws IOException {
            service.answerAtHead().otherwise(send(ACCEPTED));
            try (RawClient client = new RawClient(
                    serve(Map.of(), forward(service.port(), upgradable)).port())) {
                assertThat(client.get("/ws").read().status()).isEqualTo(502);
            }
            await().until(() -> !service.connections().get(0).isOpen());
        }

        @Test
        void refusesA101WhereThePlanDoesNotAllowIt() throws IOException {
            service.answerAtHead().otherwise(send(ACCEPTED));
            try (RawClient client = new RawClient(
                    serve(Map.of(), forward(service.port(), false)).port())) {
                assertThat(client.get("/ws", HANDSHAKE).read().status()).isEqualTo(502);
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Connection: upgrade\r\nSec-WebSocket-Accept: x",
                    "Upgrade: websocket\r\nSec-WebSocket-Accept: x",
                    "Upgrade: h2c\r\nConnection: upgrade\r\nSec-WebSocket-Accept: x",
                    "Upgrade: websocket\r\nUpgrade: h2c\r\nConnection: upgrade\r\nSec-WebSocket-Accept: x",
                    "Upgrade: websocket\r\nConnection: upgrade",
                    "Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: x\r\nContent-Length: 0",
                })
        void refusesA101ThatDoesNotFit(String fields) throws IOException {
            service.answerAtHead().otherwise(send("HTTP/1.1 101 Switching\r\n" + fields + "\r\n\r\n"));
            try (RawClient client = client()) {
                assertThat(client.get("/ws", HANDSHAKE).read().status()).isEqualTo(502);
            }
            await().until(() -> !service.connections().get(0).isOpen());
        }

        @Test
        void endsWhenAHookAnswersInstead() throws IOException {
            Policy replaces = exchange -> {
                exchange.onResponse(response -> response.replaceWith(Reply.refuse(Refusal.TOKEN_INVALID)));
                return Verdict.next();
            };
            service.answerAtHead().otherwise(send(ACCEPTED));
            try (RawClient client = new RawClient(
                    serve(Map.of(), replaces, forward(service.port(), true)).port())) {
                assertThat(client.get("/ws", HANDSHAKE).read().status()).isEqualTo(401);
                await().until(() -> !service.connections().get(0).isOpen());
            }
        }
    }

    @Nested
    class Ends {
        @Test
        void closesTheServiceBehindTheClient() throws IOException {
            try (RawClient client = client()) {
                open(client);
            }
            await().until(() -> !service.connections().get(0).isOpen());
            await().until(() -> server().traffic.inFlight() == 0);
        }

        @Test
        void closesTheServiceWhenTheClientIsCutOff() throws IOException {
            try (RawClient client = client()) {
                open(client);
                client.reset();
            }
            await().until(() -> !service.connections().get(0).isOpen());
            await().until(() -> server().traffic.inFlight() == 0);
        }

        @Test
        void closesTheClientBehindTheLastByteOfTheService() throws IOException {
            byte[] last = new byte[1024 * 1024];
            service.answerAtHead().otherwise(connection -> {
                connection.send(ACCEPTED);
                connection.send(last);
                connection.channel().writeAndFlush(Unpooled.EMPTY_BUFFER);
                connection.close();
            });
            try (RawClient client = client()) {
                client.get("/ws", HANDSHAKE).read();

                assertThat(client.rest()).hasSize(last.length);
            }
        }

        @Test
        void letsTheServiceAnswerAClientThatStoppedSending() throws IOException {
            try (RawClient client = client()) {
                open(client);
                ScriptedPeer.Connection connection = service.connections().get(0);
                long head = connection.received();
                client.send("last words").stopSending();
                await().until(() -> connection.received() == head + 10);
                await().until(() -> !connection.isOpen());

                assertThat(client.rest()).isEmpty();
            }
        }

        @Test
        void closesWhatStandsStill() throws IOException {
            try (RawClient client =
                    new RawClient(serve(Map.of("webSocketIdleTimeoutMs", 200), forward(service.port(), true))
                            .port())) {
                open(client);

                assertThat(client.rest()).isEmpty();
            }
            await().until(() -> !service.connections().get(0).isOpen());
            await().until(() -> server().traffic.inFlight() == 0);
        }

        @Test
        void keepsWhatMoves() throws IOException {
            try (RawClient client =
                    new RawClient(serve(Map.of("webSocketIdleTimeoutMs", 400), forward(service.port(), true))
                            .port())) {
                open(client);
                ScriptedPeer.Connection connection = service.connections().get(0);
                connection.drip("x".repeat(900));

                assertThat(client.stream().readNBytes(900)).hasSize(900);
                assertThat(connection.isOpen()).isTrue();
            }
        }

        @Test
        void goesOnWhileTheGatewayDrainsAndEndsWithIt() throws IOException {
            try (RawClient client = client()) {
                open(client);
                server().drain();
                service.connections().get(0).send("still here");

                assertThat(client.stream().readNBytes(10)).asString().isEqualTo("still here");
                assertThat(server().traffic.inFlight()).isEqualTo(1);
                server().close();
                server = null;

                assertThat(client.rest()).isEmpty();
                await().until(() -> !service.connections().get(0).isOpen());
            }
        }

        @Test
        void givesThePermitOfItsConnectionBack() throws IOException {
            int port = serve(
                            Map.of("upstreamMaxConnections", 1, "upstreamConnectTimeoutMs", 300),
                            forward(service.port(), true))
                    .port();
            service.script(send(ACCEPTED));
            try (RawClient client = new RawClient(port)) {
                assertThat(client.get("/ws", HANDSHAKE).read().status()).isEqualTo(101);
                try (RawClient second = new RawClient(port)) {
                    assertThat(second.get("/").read().status()).isEqualTo(503);
                }
            }
            await().until(() -> server().traffic.inFlight() == 0);
            try (RawClient third = new RawClient(port)) {
                assertThat(third.get("/").read().body()).isEqualTo("hello");
            }
            assertThat(service.connections()).hasSize(2);
        }
    }

    @Nested
    class Backpressure {
        private static final long MUCH = 64L * 1024 * 1024;

        @Test
        void stopsTheServiceWhileTheClientDoesNotRead() throws IOException {
            AtomicLong sent = new AtomicLong();
            service.answerAtHead().otherwise(connection -> {
                connection.send(ACCEPTED);
                connection.pump(MUCH, sent);
            });
            int port = serve(Map.of(), forward(service.port(), true)).port();
            try (RawClient client = new RawClient(port, 16 * 1024)) {
                client.get("/ws", HANDSHAKE).read();
                long held = settled(sent);

                assertThat(held).isLessThan(MUCH / 2);
                assertThat(drained(client.stream(), MUCH)).isEqualTo(MUCH);
            }
        }

        @Test
        void stopsTheClientWhileTheServiceDoesNotRead() throws Exception {
            service.answerAtHead().otherwise(connection -> {
                connection.send(ACCEPTED);
                connection.stopReading();
            });
            try (RawClient client = client()) {
                client.get("/ws", HANDSHAKE).read();
                ScriptedPeer.Connection connection = service.connections().get(0);
                long before = connection.received();
                AtomicLong sent = new AtomicLong();
                Thread sender = new Thread(() -> pump(client, sent));
                sender.start();
                assertThat(settled(sent)).isLessThan(MUCH / 2);
                connection.startReading();

                sender.join(TimeUnit.SECONDS.toMillis(30));
                await().until(() -> connection.received() - before == MUCH);
            }
        }

        private static void pump(RawClient client, AtomicLong sent) {
            try {
                byte[] piece = new byte[64 * 1024];
                for (long left = MUCH; left > 0; left -= piece.length) {
                    client.send(piece);
                    sent.addAndGet(piece.length);
                }
            } catch (IOException e) {
                sent.set(-1);
            }
        }

        /** The value once it has not moved for a while. */
        private static long settled(AtomicLong value) {
            List<Long> seen = new ArrayList<>();
            await().pollInterval(100, TimeUnit.MILLISECONDS).until(() -> {
                seen.add(value.get());
                int count = seen.size();
                return count > 5
                        && seen.get(count - 1) > 0
                        && seen.get(count - 1).equals(seen.get(count - 6));
            });
            return value.get();
        }

        private static long drained(InputStream in, long most) throws IOException {
            byte[] piece = new byte[256 * 1024];
            long total = 0;
            while (total < most) {
                int count = in.read(piece);
                if (count < 0) {
                    break;
                }
                total += count;
            }
            return total;
        }
    }

    @Nested
    class OverTls {
        @Test
        void joinsASecureService(@TempDir Path folder) throws Exception {
            PemFixture files = new PemFixture(folder);
            PemFixture.Pair pair = files.issue("127.0.0.1");
            TlsSettings tls = new TlsSettings(true, List.of(files.ca()), null, null, null);
            try (ScriptedPeer secure = ScriptedPeer.startTls(SslContextBuilder.forServer(
                            pair.bundle().getKeyPair().getPrivate(),
                            pair.bundle().getCertificatePath())
                    .sslProvider(SslProvider.JDK)
                    .build())) {
                secure.answerAtHead().script(send(ACCEPTED + "early"));
                Target target = new Target("127.0.0.1", secure.port(), tls);
                Policy forward = exchange ->
                        Verdict.forward(new ForwardPlan("backend", List.of(target), "/ws", null, false, null, true));
                try (RawClient client = new RawClient(serve(Map.of(), forward).port())) {
                    assertThat(client.get("/ws", HANDSHAKE).read().status()).isEqualTo(101);
                    assertThat(client.stream().readNBytes(5)).asString().isEqualTo("early");
                    ScriptedPeer.Connection connection = secure.connections().get(0);
                    long head = connection.received();
                    client.send("frame");
                    await().until(() -> connection.received() == head + 5);
                    connection.send("x".repeat(300_000));
                    connection.close();

                    assertThat(client.rest()).hasSize(300_000);
                }
                await().until(() -> server().traffic.inFlight() == 0);
            }
        }
    }

    private ServerFixture server() {
        ServerFixture running = server;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running;
    }
}
