package dev.gatehouse.server;

import static dev.gatehouse.upstream.ScriptedPeer.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.client.Target;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.exchange.RedirectRules;
import dev.gatehouse.pipeline.OwnedHeaders;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.Verdict;
import dev.gatehouse.tls.PemFixture;
import dev.gatehouse.upstream.ScriptedPeer;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects of a service that the gateway follows itself. */
@Timeout(60)
class RedirectIT {
    private static final RedirectRules RULES = new RedirectRules(Set.of("x-key"));
    private static final OwnedHeaders OWNED = new OwnedHeaders(List.of("x-user-id"));

    private ScriptedPeer service;
    private ScriptedPeer other;
    private @Nullable ServerFixture server;

    @BeforeEach
    void start() {
        service = ScriptedPeer.start();
        other = ScriptedPeer.start();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        service.close();
        other.close();
    }

    private RawClient client(Policy... before) throws IOException {
        return client(new Target("127.0.0.1", service.port(), null), null, before);
    }

    private RawClient client(Target target, @Nullable Duration timeout, Policy... before) throws IOException {
        List<Policy> policies = new ArrayList<>(List.of(before));
        policies.add(exchange -> Verdict.forward(
                new ForwardPlan("backend", List.of(target), exchange.request().uri(), timeout, false, RULES, false)));
        server = ServerFixture.owning(OWNED, policies.toArray(Policy[]::new));
        return new RawClient(server.port());
    }

    private static String redirect(int status, String location) {
        return "HTTP/1.1 " + status + " Moved\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n";
    }

    private String elsewhere(String path) {
        return "http://127.0.0.1:" + other.port() + path;
    }

    private static List<String> lines(List<String> requests) {
        return requests.stream()
                .map(request -> request.substring(0, request.indexOf(" HTTP/1.1")))
                .toList();
    }

    private static String body(String request) {
        return request.substring(request.indexOf("\r\n\r\n") + 4);
    }

    /** Answers {@code /N} with a redirect to {@code /N-1}, and {@code /0} properly. */
    private static ScriptedPeer.Step countdown() {
        return connection -> {
            String last = connection.requests().get(connection.requests().size() - 1);
            int left = Integer.parseInt(last.substring(5, last.indexOf(' ', 5)));
            connection.send(left == 0 ? ScriptedPeer.OK : redirect(302, "/" + (left - 1)));
        };
    }

    @Nested
    class Within {
        @Test
        void handsTheFinalAnswerToTheClientAndToHooks() throws IOException {
            service.script(send(redirect(302, "/next?x=1")), send(ScriptedPeer.OK), send(ScriptedPeer.OK));
            List<Integer> seen = new ArrayList<>();
            Policy hook = exchange -> {
                exchange.onResponse(
                        response -> seen.add(response.message().status().code()));
                return Verdict.next();
            };
            try (RawClient client = client(hook)) {
                RawClient.Response response = client.get("/first").read();

                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("hello");
                assertThat(response.header("location")).isNull();
                assertThat(seen).containsExactly(200);
                assertThat(client.get("/again").read().status()).isEqualTo(200);
            }
            assertThat(lines(service.requests())).containsExactly("GET /first", "GET /next?x=1", "GET /again");
            assertThat(service.connections()).hasSize(1);
        }

        @Test
        void keepsCredentialsAndIdentity() throws IOException {
            service.script(send(redirect(301, "http://127.0.0.1:" + service.port() + "/b")), send(ScriptedPeer.OK));
            try (RawClient client = client(identified())) {
                client.get("/a", "Authorization: Bearer t", "Cookie: s=1").read();
            }
            assertThat(service.requests().get(1))
                    .contains("authorization: Bearer t", "cookie: s=1", "x-user-id: alice", "x-key: k")
                    .contains("eg-consumer-id: 7");
        }

        @Test
        void followsTwentyOneRedirects() throws IOException {
            service.otherwise(countdown());
            try (RawClient client = client()) {
                assertThat(client.get("/21").read().body()).isEqualTo("hello");
            }
            assertThat(service.requests()).hasSize(22);
        }

        @ParameterizedTest
        @ValueSource(ints = {22, 40})
        void refusesMoreThanTwentyOneRedirects(int count) throws IOException {
            service.otherwise(countdown());
            try (RawClient client = client()) {
                assertThat(client.get("/" + count).read().status()).isEqualTo(502);
            }
            assertThat(service.requests()).hasSize(22);
        }

        @Test
        void refusesALoop() throws IOException {
            service.otherwise(send(redirect(302, "/loop")));
            try (RawClient client = client()) {
                RawClient.Response response = client.get("/loop").read();

                assertThat(response.status()).isEqualTo(502);
                assertThat(response.header("location")).isNull();
            }
            assertThat(service.requests()).hasSize(22);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "HTTP/1.1 302 Found\r\nContent-Length: 2\r\n\r\nno",
                    "HTTP/1.1 201 Created\r\nLocation: /x\r\nContent-Length: 2\r\n\r\nno",
                    "HTTP/1.1 300 Many\r\nLocation: /x\r\nContent-Length: 2\r\n\r\nno",
                })
        void handsOnWhatIsNoRedirect(String answer) throws IOException {
            service.script(send(answer));
            try (RawClient client = client()) {
                assertThat(client.get("/a").read().body()).isEqualTo("no");
            }
            assertThat(service.requests()).hasSize(1);
        }

        @Test
        void keepsHead() throws IOException {
            service.script(
                    send("HTTP/1.1 303 See\r\nLocation: /b\r\nContent-Length: 9\r\n\r\n"),
                    send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"));
            try (RawClient client = client()) {
                client.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.read(true).header("content-length")).isEqualTo("9");
            }
            assertThat(lines(service.requests())).containsExactly("HEAD /a", "HEAD /b");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "ftp://127.0.0.1/",
                    "http://u:p@127.0.0.1/",
                    "http:///x",
                    "http://127.0.0.1:99999/",
                    "/a b",
                    "/a%zz",
                    "/a\r\nLocation: /b",
                })
        void refusesPlacesThatCannotBeFollowed(String location) throws IOException {
            service.script(send(redirect(302, location)));
            try (RawClient client = client()) {
                RawClient.Response response = client.get("/a").read();

                assertThat(response.status()).isEqualTo(502);
                assertThat(response.headers()).noneMatch(line -> line.startsWith("location"));
                assertThat(client.get("/b").read().body()).isEqualTo("hello");
            }
            assertThat(lines(service.requests())).containsExactly("GET /a", "GET /b");
        }

        @ParameterizedTest
        @CsvSource({"1000, 1", "65536, 1", "65537, 2", "1000000, 2"})
        void dropsTheBodyOfARedirectWithinABound(int bytes, int connections) throws IOException {
            service.script(
                    connection -> {
                        connection.send("HTTP/1.1 302 F\r\nLocation: /b\r\nContent-Length: " + bytes + "\r\n\r\n");
                        connection.send(new byte[bytes]);
                    },
                    send(ScriptedPeer.OK));
            try (RawClient client = client()) {
                assertThat(client.get("/a").read().body()).isEqualTo("hello");
            }
            assertThat(service.connections()).hasSize(connections);
        }

        @Test
        void refusesWhenTheTimeForTheAnswerIsOver() throws IOException {
            service.script(send("HTTP/1.1 302 F\r\nLocation: /b\r\nContent-Length: 10\r\n\r\nx"));
            try (RawClient client = client(new Target("127.0.0.1", service.port(), null), Duration.ofMillis(300))) {
                assertThat(client.get("/a").read().status()).isEqualTo(504);
            }
            assertThat(service.requests()).hasSize(1);
        }

        @Test
        void goesOnWhenARedirectBreaksOffBehindItsHead() throws IOException {
            service.script(ScriptedPeer.sendAndClose("HTTP/1.1 302 F\r\nLocation: /b\r\nContent-Length: 10\r\n\r\nx"));
            try (RawClient client = client()) {
                assertThat(client.get("/a").read().body()).isEqualTo("hello");
            }
        }

        @Test
        void asksNobodyElseWhenTheClientHasLeft() throws IOException {
            service.script(send("HTTP/1.1 302 F\r\nLocation: /b\r\nContent-Length: 10\r\n\r\nx"));
            try (RawClient client = client()) {
                client.get("/a");
                await().until(() -> service.requests().size() == 1);
                client.reset();
                await().until(() -> !service.connections().get(0).isOpen());
            }
            assertThat(service.requests()).hasSize(1);
        }
    }

    @Nested
    class Elsewhere {
        @Test
        void refusesToShowSecretsAndIdentity() throws IOException {
            service.script(send(redirect(302, elsewhere("/there"))));
            try (RawClient client = client(identified())) {
                client.get("/a", "Authorization: Bearer t", "Cookie: s=1", "DPoP: p", "X-Trace: 9", "Accept: a/b");

                assertThat(client.read().body()).isEqualTo("hello");
            }
            String received = other.requests().get(0).toLowerCase(Locale.ROOT);
            assertThat(received)
                    .startsWith("get /there http/1.1\r\n")
                    .contains("host: 127.0.0.1:" + other.port() + "\r\n", "x-trace: 9", "accept: a/b")
                    .doesNotContain("authorization", "cookie", "dpop", "x-user-id", "x-key", "eg-", "alice");
        }

        @Test
        void refusesToGiveThemBackOnTheWayHome() throws IOException {
            service.script(send(redirect(302, elsewhere("/there"))));
            other.script(send(redirect(302, "http://127.0.0.1:" + service.port() + "/home")));
            try (RawClient client = client(identified())) {
                client.get("/a", "Authorization: Bearer t", "Cookie: s=1");

                assertThat(client.read().body()).isEqualTo("hello");
            }
            assertThat(lines(service.requests())).containsExactly("GET /a", "GET /home");
            assertThat(service.requests().get(1)).doesNotContain("authorization", "cookie", "x-user-id", "x-key");
        }

        @Test
        void refusesWhenNobodyIsThere() throws IOException {
            other.close();
            service.script(send(redirect(302, elsewhere("/there"))));
            try (RawClient client = client()) {
                assertThat(client.get("/a").read().status()).isEqualTo(502);
            }
        }

        @Test
        void refusesToShowThemInCleartext(@TempDir Path folder) throws Exception {
            PemFixture files = new PemFixture(folder);
            PemFixture.Pair pair = files.issue("127.0.0.1");
            try (ScriptedPeer secure = ScriptedPeer.startTls(SslContextBuilder.forServer(
                            pair.bundle().getKeyPair().getPrivate(),
                            pair.bundle().getCertificatePath())
                    .sslProvider(SslProvider.JDK)
                    .build())) {
                secure.script(send(redirect(302, elsewhere("/there"))));
                TlsSettings tls = new TlsSettings(true, List.of(files.ca()), null, null, null);
                try (RawClient client = client(new Target("127.0.0.1", secure.port(), tls), null, identified())) {
                    client.get("/a", "Authorization: Bearer t");

                    assertThat(client.read().body()).isEqualTo("hello");
                }
            }
            assertThat(other.requests().get(0)).doesNotContain("authorization", "x-user-id", "x-key");
        }

        @Test
        void refusesToTrustWhomOnlyTheServiceTrusts(@TempDir Path folder) throws Exception {
            PemFixture files = new PemFixture(folder);
            PemFixture.Pair pair = files.issue("127.0.0.1");
            TlsSettings tls = new TlsSettings(false, List.of(files.ca()), null, null, null);
            var context = SslContextBuilder.forServer(
                            pair.bundle().getKeyPair().getPrivate(),
                            pair.bundle().getCertificatePath())
                    .sslProvider(SslProvider.JDK)
                    .build();
            try (ScriptedPeer first = ScriptedPeer.startTls(context);
                    ScriptedPeer second = ScriptedPeer.startTls(context)) {
                first.script(send(redirect(302, "https://127.0.0.1:" + second.port() + "/")));
                try (RawClient client = client(new Target("127.0.0.1", first.port(), tls), null)) {
                    assertThat(client.get("/a").read().status()).isEqualTo(502);
                }
                assertThat(second.requests()).isEmpty();
            }
        }
    }

    @Nested
    class Bodies {
        @ParameterizedTest
        @ValueSource(ints = {301, 302, 303})
        void turnsPostIntoGet(int status) throws IOException {
            service.script(send(redirect(status, "/b")));
            try (RawClient client = client()) {
                client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Type: t/x\r\nContent-Length: 4\r\n\r\ndata");

                assertThat(client.read().body()).isEqualTo("hello");
            }
            assertThat(lines(service.requests())).containsExactly("POST /a", "GET /b");
            assertThat(body(service.requests().get(0))).isEqualTo("data");
            assertThat(service.requests().get(1)).doesNotContain("content-").endsWith("\r\n\r\n");
        }

        @Test
        void followsFurtherAfterPostBecameGet() throws IOException {
            service.script(send(redirect(302, "/b")), send(redirect(307, "/c")));
            try (RawClient client = client()) {
                client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\ndata");

                assertThat(client.read().body()).isEqualTo("hello");
            }
            assertThat(lines(service.requests())).containsExactly("POST /a", "GET /b", "GET /c");
        }

        @ParameterizedTest
        @ValueSource(ints = {307, 308})
        void repeatsASmallBody(int status) throws IOException {
            service.script(send(redirect(status, "/b")), send(redirect(status, elsewhere("/c"))));
            try (RawClient client = client()) {
                client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Type: t/x\r\nContent-Length: 4\r\n\r\ndata");

                assertThat(client.read().body()).isEqualTo("hello");
            }
            assertThat(lines(service.requests())).containsExactly("POST /a", "POST /b");
            assertThat(body(service.requests().get(1))).isEqualTo("data");
            assertThat(other.requests().get(0)).startsWith("POST /c ").contains("content-type: t/x");
            assertThat(body(other.requests().get(0))).isEqualTo("data");
        }

        @Test
        void repeatsASmallChunkedBody() throws IOException {
            service.script(send(redirect(307, "/b")));
            try (RawClient client = client()) {
                client.send("PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nda\r\n");
                client.send("2\r\nta\r\n0\r\n\r\n");

                assertThat(client.read().body()).isEqualTo("hello");
            }
            assertThat(service.requests().get(1)).startsWith("PUT /b ").contains("content-length: 4\r\n");
            assertThat(body(service.requests().get(1))).isEqualTo("data");
        }

        @ParameterizedTest
        @CsvSource({"65536, 200", "65537, 307", "1000000, 307"})
        void handsTheRedirectToTheClientWhenTheBodyIsTooLargeToRepeat(int bytes, int status) throws IOException {
            service.script(send(redirect(307, "/b")));
            try (RawClient client = client()) {
                client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: " + bytes + "\r\n\r\n");
                client.send(new byte[bytes]);

                assertThat(client.read().status()).isEqualTo(status);
            }
        }

        @Test
        void handsTheRedirectOfALargeChunkedBodyToTheClient() throws IOException {
            service.script(send(redirect(308, "/b")));
            try (RawClient client = client()) {
                client.send("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
                String piece = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
                client.send(piece.repeat(5) + "0\r\n\r\n");

                RawClient.Response response = client.read();
                assertThat(response.status()).isEqualTo(308);
                assertThat(response.header("location")).isEqualTo("/b");
            }
        }

        @Test
        void waitsForTheRestOfABodyThatTheServiceDidNotRead() throws IOException {
            service.answerAtHead().script(send(redirect(307, elsewhere("/c"))));
            try (RawClient client = client()) {
                client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nhalf");
                await().until(() -> service.requests().size() == 1);
                await().until(() -> !service.connections().get(0).isOpen());
                client.send("half");

                assertThat(client.read().body()).isEqualTo("hello");
            }
            assertThat(body(other.requests().get(0))).isEqualTo("halfhalf");
        }

        @Test
        void refusesWhenThatRestIsTooLarge() throws IOException {
            service.answerAtHead().script(send(redirect(307, elsewhere("/c"))));
            try (RawClient client = client()) {
                client.send("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
                await().until(() -> service.requests().size() == 1);
                await().until(() -> !service.connections().get(0).isOpen());
                client.send("11000\r\n" + "x".repeat(0x11000) + "\r\n");

                assertThat(client.read().status()).isEqualTo(502);
            }
            assertThat(other.requests()).isEmpty();
        }

        @Test
        void dropsTheRestOfABodyThatNobodyNeeds() throws IOException {
            service.answerAtHead().script(send(redirect(303, elsewhere("/c"))));
            try (RawClient client = client()) {
                client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nhalf");

                assertThat(client.read().body()).isEqualTo("hello");
                assertThat(lines(service.requests())).containsExactly("POST /a");
                client.send("half").get("/again");
                await().untilAsserted(
                                () -> assertThat(lines(service.requests())).containsExactly("POST /a", "GET /again"));
            }
            assertThat(lines(other.requests())).containsExactly("GET /c");
        }
    }

    private static Policy identified() {
        return exchange -> {
            exchange.request()
                    .headers()
                    .set("X-User-Id", "alice")
                    .set("eg-consumer-id", "7")
                    .set("X-Key", "k");
            return Verdict.next();
        };
    }
}
