package dev.gatehouse.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.LogConfig;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.metrics.AccessOptions;
import dev.gatehouse.runtime.build.RuntimeFixture;
import dev.gatehouse.server.RawClient;
import dev.gatehouse.tls.PemFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GatewayReloadIT {
    private static final String LISTEN = "http: {port: 0, hostname: 127.0.0.1}\n";

    @TempDir
    private Path folder;

    private RuntimeFixture fixture;
    private AccessLog log;
    private @Nullable Gateway gateway;
    private int port;

    @BeforeEach
    void prepare() {
        fixture = new RuntimeFixture(folder);
        AccessOptions options = new AccessOptions(LogConfig.Access.OFF, true, false, false, "");
        log = AccessLog.open(options, lines -> {}, new SimpleMeterRegistry());
    }

    @AfterEach
    void close() {
        if (gateway != null) {
            gateway.close();
        }
        log.close();
    }

    @Test
    void servesTheNewConfigurationOnAConnectionThatIsOpen() throws Exception {
        start(LISTEN, answer("one"));

        try (RawClient client = new RawClient(port)) {
            assertThat(client.get("/a").read().body()).isEqualTo("one");
            assertThat(reload(LISTEN, answer("two"))).isEmpty();
            assertThat(client.get("/a").read().body()).isEqualTo("two");
        }
    }

    @Test
    void letsARequestFinishOnTheConfigurationItBeganWith() throws Exception {
        start(
                LISTEN,
                "one: {apiEndpoints: [a], policies: [wait, {hold: {action: {text: cache}}}, "
                        + "{answer: {action: {text: one}}}]}");

        try (RawClient slow = new RawClient(port);
                RawClient quick = new RawClient(port)) {
            slow.get("/a");
            await().until(() -> running().inFlight() == 1);
            assertThat(reload(LISTEN, answer("two"))).isEmpty();
            assertThat(quick.get("/a").read().body()).isEqualTo("two");
            assertThat(fixture.closed).isEmpty();

            fixture.gate.complete(null);

            assertThat(slow.read().body()).isEqualTo("one");
            await().untilAsserted(() -> assertThat(fixture.closed).containsExactly("cache"));
        }
        assertThat(running().inFlight()).isZero();
    }

    @Test
    void givesResourcesBackWhenTheDrainTimeIsOver() throws Exception {
        start(
                LISTEN + "shutdown: {timeout: 0}\n",
                "one: {apiEndpoints: [a], policies: [wait, "
                        + "{hold: {action: {text: cache}}}, {answer: {action: {text: one}}}]}");

        try (RawClient slow = new RawClient(port)) {
            slow.get("/a");
            await().until(() -> running().inFlight() == 1);
            reload(LISTEN, answer("two"));

            await().untilAsserted(() -> assertThat(fixture.closed).containsExactly("cache"));
            assertThat(running().inFlight()).isEqualTo(1);
            fixture.gate.complete(null);
            assertThat(slow.read().body()).isEqualTo("one");
        }
        await().until(() -> running().inFlight() == 0);
    }

    @Test
    void keepsWhatBothConfigurationsNeed() throws Exception {
        String hold = "one: {apiEndpoints: [a], policies: [{hold: {action: {text: cache}}}, "
                + "{answer: {action: {text: %s}}}]}";
        start(LISTEN, hold.formatted("one"));

        for (int i = 0; i < 5; i++) {
            assertThat(reload(LISTEN, hold.formatted("n" + i))).isEmpty();
        }

        try (RawClient client = new RawClient(port)) {
            assertThat(client.get("/a").read().body()).isEqualTo("n4");
        }
        assertThat(fixture.closed).isEmpty();
        running().close();
        assertThat(fixture.closed).containsExactly("cache");
    }

    @Test
    void refusesAConfigurationThatCannotBeBuiltAsAWhole() throws Exception {
        start(LISTEN, answer("one"));
        GatewayConfig before = running().config();

        List<String> codes = reload(LISTEN, """
                one: {apiEndpoints: [a], policies: [{hold: {action: {text: half}}}, {answer: {action: {text: two}}}]}
                two: {apiEndpoints: [b], policies: [{broken: {action: {text: no}}}]}
                """);

        assertThat(codes).containsExactly("E0999");
        assertThat(running().config()).isSameAs(before);
        assertThat(fixture.closed).containsExactly("half");
        try (RawClient client = new RawClient(port)) {
            assertThat(client.get("/a").read().body()).isEqualTo("one");
            assertThat(client.get("/b").read().status()).isEqualTo(404);
        }
    }

    @Test
    void movesToAnotherPortAndClosesTheOldOneLast() throws Exception {
        start(LISTEN, answer("one"));
        int other = freePort();

        try (RawClient old = new RawClient(port)) {
            assertThat(old.get("/a").read().status()).isEqualTo(200);

            assertThat(reload("http: {port: " + other + ", hostname: 127.0.0.1}\n", answer("two")))
                    .isEmpty();

            assertThat(old.rest()).isEmpty();
        }
        try (RawClient client = new RawClient(other)) {
            assertThat(client.get("/a").read().body()).isEqualTo("two");
        }
        assertThat(running().bound())
                .singleElement()
                .satisfies(bound -> assertThat(bound.address().getPort()).isEqualTo(other));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> new RawClient(port).close());
    }

    @Test
    void refusesAPortInUseAndKeepsEverything() throws Exception {
        start(LISTEN, answer("one"));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PemFixture.Pair pair = new PemFixture(folder).issue("localhost");
            int free = freePort();

            List<String> codes = reload(
                    "http: {port: " + free + ", hostname: 127.0.0.1}\n" + https(pair, taken.getLocalPort()),
                    answer("two"));

            assertThat(codes).containsExactly("E0505");
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> new RawClient(free).close());
        }
        try (RawClient client = new RawClient(port)) {
            assertThat(client.get("/a").read().body()).isEqualTo("one");
        }
    }

    @Test
    void saysWhichKeysWaitForARestart() throws Exception {
        int own = freePort();
        start("http: {port: " + own + ", hostname: 127.0.0.1}\n", answer("one"));
        Problems problems = new Problems();

        GatewayConfig wider = fixture.config("http: {port: " + own + "}\n", answer("two"), problems);
        Reloaded reloaded = running().reload(wider, problems);

        assertThat(reloaded).isEqualTo(new Reloaded(List.of(), List.of("http.hostname")));
        try (RawClient client = new RawClient(own)) {
            assertThat(client.get("/a").read().body()).isEqualTo("two");
        }
    }

    @Test
    void addsAndRemovesAListener() throws Exception {
        start(LISTEN, answer("one"));
        PemFixture.Pair pair = new PemFixture(folder).issue("first.test");

        assertThat(reload(LISTEN + https(pair, 0), answer("two"))).isEmpty();
        assertThat(running().bound()).extracting(Bound::protocol).containsExactly("http", "https");
        assertThat(shown(securePort())).isEqualTo("CN=first.test");

        assertThat(reload(LISTEN, answer("three"))).isEmpty();
        assertThat(running().bound()).extracting(Bound::protocol).containsExactly("http");
    }

    @Test
    void appliesOtherLimitsToTheNextConnection() throws Exception {
        start(LISTEN, answer("one"));

        reload(LISTEN + "limits: {maxHeaderBytes: 300, maxConnections: 1}\n", answer("two"));

        try (RawClient client = new RawClient(port)) {
            client.send("GET /a HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(400) + "\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(431);
            try (RawClient second = new RawClient(port)) {
                assertThat(second.read().status()).isEqualTo(503);
            }
        }
    }

    @Test
    void refusesAReloadBeforeItStarts() {
        Problems problems = new Problems();
        GatewayConfig config = fixture.config(LISTEN, answer("one"), problems);
        gateway = Objects.requireNonNull(Gateway.build(config, problems, fixture.catalog, fixture.options()));

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> running().reload(config, problems));
    }

    @Test
    void showsANewCertificateWithoutAFailedHandshake() throws Exception {
        PemFixture files = new PemFixture(folder);
        PemFixture.Pair pair = files.issue("first.test");
        start(https(pair, 0), answer("one"));
        int secure = securePort();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger handshakes = new AtomicInteger();
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        List<Thread> clients =
                List.of(handshakes(secure, stop, handshakes, failures), handshakes(secure, stop, handshakes, failures));
        String last = "";

        for (int i = 0; i < 10; i++) {
            int before = handshakes.get();
            last = "n" + i + ".test";
            PemFixture.Pair next = files.issue(last);
            Files.copy(next.key(), pair.key(), StandardCopyOption.REPLACE_EXISTING);
            // Half of the pair is there.
            assertThat(running().reloadTls(Set.of(pair.key().toAbsolutePath())))
                    .singleElement()
                    .satisfies(result -> assertThat(result.problem()).contains("is not the key"));
            Files.copy(next.cert(), pair.cert(), StandardCopyOption.REPLACE_EXISTING);
            assertThat(running().reloadTls(Set.of(pair.cert().toAbsolutePath())))
                    .containsExactly(new TlsReload("https", null));
            await().until(() -> handshakes.get() > before + 1 || !failures.isEmpty());
        }
        stop.set(true);
        for (Thread client : clients) {
            client.join();
        }

        assertThat(failures).isEmpty();
        assertThat(shown(secure)).isEqualTo("CN=" + last);
    }

    @Test
    void knowsWhichFilesItWasMadeFrom() throws Exception {
        PemFixture.Pair pair = new PemFixture(folder).issue("first.test");
        start(https(pair, 0), answer("one"));

        assertThat(running().tlsFiles()).containsExactlyInAnyOrder(pair.key(), pair.cert());
        assertThat(running().reloadTls(Set.of(folder.resolve("other.pem")))).isEmpty();
    }

    private static Thread handshakes(
            int port, AtomicBoolean stop, AtomicInteger count, ConcurrentLinkedQueue<String> failures) {
        Thread thread = new Thread(() -> {
            while (!stop.get()) {
                try {
                    shown(port);
                    count.incrementAndGet();
                } catch (Exception e) {
                    failures.add(e.toString());
                }
            }
        });
        thread.start();
        return thread;
    }

    private void start(String listeners, String pipelines) throws StartFailure {
        Problems problems = new Problems();
        GatewayConfig config = fixture.config(listeners, pipelines, problems);
        gateway = Objects.requireNonNull(
                Gateway.build(config, problems, fixture.catalog, fixture.options()), problems.all()::toString);
        port = gateway.start(log).get(0).address().getPort();
    }

    /** The codes of what was refused; empty = it is in force. */
    private List<String> reload(String listeners, String pipelines) {
        Problems problems = new Problems();
        GatewayConfig config = fixture.config(listeners, pipelines, problems);
        Reloaded reloaded = running().reload(config, problems);
        assertThat(reloaded == null).isEqualTo(problems.hasErrors());
        return reloaded == null
                ? RuntimeFixture.codes(problems).stream()
                        .filter(code -> code.startsWith("E"))
                        .toList()
                : List.of();
    }

    private Gateway running() {
        return Objects.requireNonNull(gateway);
    }

    private int securePort() {
        return running().bound().stream()
                .filter(bound -> bound.protocol().equals("https"))
                .findFirst()
                .orElseThrow()
                .address()
                .getPort();
    }

    private static String answer(String text) {
        return "one: {apiEndpoints: [a], policies: [{answer: {action: {text: " + text + "}}}]}";
    }

    private static String https(PemFixture.Pair pair, int port) {
        return "https: {port: " + port + ", hostname: 127.0.0.1, tls: {default: {key: '" + pair.key() + "', cert: '"
                + pair.cert() + "'}}}\n";
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Subject of the certificate that a client is shown. */
    private static String shown(int port) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), new SecureRandom());
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.startHandshake();
            X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return certificate.getSubjectX500Principal().getName();
        }
    }
}
