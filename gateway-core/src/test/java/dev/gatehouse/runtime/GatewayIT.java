package dev.gatehouse.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.client.Target;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.LogConfig;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.metrics.AccessOptions;
import dev.gatehouse.runtime.build.RuntimeFixture;
import dev.gatehouse.server.RawClient;
import dev.gatehouse.tls.PemFixture;
import dev.gatehouse.upstream.ScriptedPeer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GatewayIT {
    private static final String ANSWER = "one: {apiEndpoints: [a], policies: [{answer: {action: {text: hello}}}]}";
    private static final String WAIT =
            "one: {apiEndpoints: [a], policies: [wait, {hold: {action: {text: cache}}}, {answer: {action: {text: hi}}}]}";

    @TempDir
    private Path folder;

    private RuntimeFixture fixture;
    private AccessLog log;

    @BeforeEach
    void prepare() {
        fixture = new RuntimeFixture(folder);
        AccessOptions options = new AccessOptions(LogConfig.Access.OFF, true, false, false, "");
        log = AccessLog.open(options, lines -> {}, new SimpleMeterRegistry());
    }

    @AfterEach
    void closeLog() {
        log.close();
    }

    @Test
    void servesAndStops() throws Exception {
        Gateway gateway = build(ANSWER);
        int port = port(gateway.start(log));

        try (RawClient client = new RawClient(port)) {
            assertThat(client.get("/a").read().body()).isEqualTo("hello");
            assertThat(client.get("/elsewhere").read().status()).isEqualTo(404);
            assertThat(gateway.isReady()).isTrue();
            assertThat(gateway.turning().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(5));

            StopReport report = gateway.stop(Duration.ZERO, Duration.ofSeconds(10));

            assertThat(report).isEqualTo(new StopReport(0, 0));
            assertThat(client.rest()).isEmpty();
        }
        assertThat(gateway.isReady()).isFalse();
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> new RawClient(port).close());
    }

    @Test
    void callsOthersWithoutAPort() {
        Gateway gateway = build(ANSWER);
        List<HttpCaller> callers = new ArrayList<>();
        gateway.startCalls(log, caller -> {
            callers.add(caller);
            return caller;
        });

        try (ScriptedPeer peer = ScriptedPeer.start()) {
            Duration second = Duration.ofSeconds(10);
            HttpCall call = new HttpCall(
                    new Target("127.0.0.1", peer.port(), null),
                    HttpMethod.GET,
                    "/",
                    new DefaultHttpHeaders(),
                    new byte[0],
                    10,
                    second,
                    second,
                    second);
            CallResult result = callers.get(0).call(call).toCompletableFuture().join();

            assertThat(result)
                    .isInstanceOfSatisfying(
                            CallResult.Answer.class,
                            answer -> assertThat(answer.status()).isEqualTo(200));
            assertThat(gateway.bound()).isEmpty();
            assertThat(gateway.isReady()).isFalse();
        } finally {
            gateway.close();
        }
    }

    @Test
    void finishesWhatIsInFlightAndCountsIt() throws Exception {
        Gateway gateway = build(WAIT);
        int port = port(gateway.start(log));

        try (RawClient client = new RawClient(port)) {
            client.get("/a");
            await().until(() -> gateway.inFlight() == 1);
            CompletableFuture<StopReport> stop =
                    CompletableFuture.supplyAsync(() -> gateway.stop(Duration.ZERO, Duration.ofSeconds(30)));
            await().until(() -> !accepts(port));
            fixture.gate.complete(null);

            RawClient.Response response = client.read();
            assertThat(response.body()).isEqualTo("hi");
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(stop).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(new StopReport(1, 0));
        }
        assertThat(fixture.closed).containsExactly("cache");
    }

    @Test
    void cutsWhatIsInFlightAtTheDeadlineAndCountsIt() throws Exception {
        Gateway gateway = build(WAIT);
        int port = port(gateway.start(log));

        try (RawClient client = new RawClient(port)) {
            client.get("/a");
            await().until(() -> gateway.inFlight() == 1);

            StopReport report = gateway.stop(Duration.ZERO, Duration.ofMillis(200));

            assertThat(report).isEqualTo(new StopReport(0, 1));
            assertThat(client.rest()).doesNotContain("HTTP/1.1");
        }
        assertThat(gateway.inFlight()).isZero();
    }

    @Test
    void refusesToStartOnAPortInUseAndLeavesNothingOpen() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PemFixture.Pair pair = new PemFixture(folder).issue("localhost");
            int free = freePort();
            Gateway gateway = build(
                    "http: {port: " + free + ", hostname: 127.0.0.1}\n" + https(pair, taken.getLocalPort()), ANSWER);

            assertThatExceptionOfType(StartFailure.class)
                    .isThrownBy(() -> gateway.start(log))
                    .withMessageContaining("https")
                    .withMessageContaining("127.0.0.1:" + taken.getLocalPort())
                    .withMessageContaining("in use");

            assertThat(accepts(free)).isFalse();
            assertThat(gateway.isReady()).isFalse();
            assertThat(gateway.turning().toCompletableFuture()).isCompletedWithValue(false);
        }
    }

    @Test
    void startsAgainOnTheSamePort() throws Exception {
        Gateway first = build(ANSWER);
        int port = port(first.start(log));
        try (RawClient client = new RawClient(port)) {
            assertThat(client.get("/a").read().status()).isEqualTo(200);
            first.stop(Duration.ZERO, Duration.ofSeconds(10));
        }

        Gateway second = build("http: {port: " + port + ", hostname: 127.0.0.1}\n", ANSWER);
        second.start(log);
        try (RawClient client = new RawClient(port)) {
            assertThat(client.get("/a").read().status()).isEqualTo(200);
        } finally {
            second.close();
        }
    }

    @Test
    void servesOverTls() throws Exception {
        PemFixture.Pair pair = new PemFixture(folder).issue("localhost");
        Gateway gateway = build(https(pair, 0), ANSWER);
        List<Bound> bound = gateway.start(log);

        try (SSLSocket client = tls(port(bound))) {
            assertThat(bound).singleElement().extracting(Bound::protocol).isEqualTo("https");
            send(client, "GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

            assertThat(text(client)).startsWith("HTTP/1.1 200 ").endsWith("hello");
        } finally {
            gateway.close();
        }
    }

    @Test
    void endsTlsProperlyWhenItRefusesALargeUpload() throws Exception {
        PemFixture.Pair pair = new PemFixture(folder).issue("localhost");
        Gateway gateway = build(https(pair, 0), ANSWER);

        try (SSLSocket client = tls(port(gateway.start(log)))) {
            send(client, "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\nx");

            // Fails with an exception when the connection ends without the close notification of TLS.
            assertThat(text(client)).contains("connection: close").endsWith("hello");
        } finally {
            gateway.close();
        }
    }

    @Test
    void refusesToCallACutResponseCompleteOverTls() throws Exception {
        PemFixture.Pair pair = new PemFixture(folder).issue("localhost");
        Gateway gateway =
                build(https(pair, 0), "one: {apiEndpoints: [a], policies: [cut, {answer: {action: {text: hello}}}]}");

        try (SSLSocket client = tls(port(gateway.start(log)))) {
            // HTTP/1.0 knows the end of this message by the end of the connection alone.
            send(client, "GET /a HTTP/1.0\r\nHost: localhost\r\n\r\n");

            assertThatExceptionOfType(IOException.class).isThrownBy(() -> text(client));
        } finally {
            gateway.close();
        }
    }

    @Test
    void saysWhichKeyCannotBeRead() {
        PemFixture.Pair pair = new PemFixture(folder).issue("localhost");
        Path broken = new PemFixture(folder).write("broken", "no key");
        Gateway gateway = build(https(new PemFixture.Pair(pair.cert(), broken, pair.bundle()), 0), ANSWER);

        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> gateway.start(log))
                .withMessageContaining(broken.getFileName().toString());

        assertThat(gateway.isReady()).isFalse();
    }

    private Gateway build(String pipelines) {
        return build("http: {port: 0, hostname: 127.0.0.1}\n", pipelines);
    }

    private Gateway build(String listeners, String pipelines) {
        Problems problems = new Problems();
        GatewayConfig config = fixture.config(listeners, pipelines, problems);
        Gateway gateway = Gateway.build(config, problems, fixture.catalog, fixture.options());
        return Objects.requireNonNull(gateway, () -> problems.all().toString());
    }

    private static String https(PemFixture.Pair pair, int port) {
        return "https: {port: " + port + ", hostname: 127.0.0.1, tls: {default: {key: '" + pair.key() + "', cert: '"
                + pair.cert() + "'}}}\n";
    }

    private static int port(List<Bound> bound) {
        return bound.get(0).address().getPort();
    }

    private static boolean accepts(int port) {
        try {
            new RawClient(port).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static SSLSocket tls(int port) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), new SecureRandom());
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void send(SSLSocket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String text(SSLSocket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
