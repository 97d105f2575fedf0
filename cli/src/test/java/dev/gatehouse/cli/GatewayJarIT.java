package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.admin.Call;
import dev.gatehouse.admin.LocalServer;
import dev.gatehouse.admin.Resource;
import dev.gatehouse.transport.Transport;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GatewayJarIT {
    @TempDir
    Path directory;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private GatewayJarFixture run(String config, String... more) throws IOException {
        Files.writeString(directory.resolve("gateway.config.yml"), config);
        return GatewayJarFixture.start(directory, Map.of(), more.length == 0 ? new String[] {"run"} : more);
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    private static LocalServer server(Resource resource) {
        return LocalServer.open(Transport.nio(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), resource)
                .toCompletableFuture()
                .join();
    }

    @Nested
    final class Jar {
        @Test
        void isOneSmallRunnableFile() throws IOException {
            assertThat(Files.size(GatewayJarFixture.JAR)).isLessThan(25L * 1024 * 1024);
            try (JarFile jar = new JarFile(GatewayJarFixture.JAR.toFile())) {
                Attributes main = jar.getManifest().getMainAttributes();

                assertThat(main.getValue("Main-Class")).isEqualTo("dev.gatehouse.cli.Launcher");
                assertThat(main.getValue("Multi-Release")).isEqualTo("true");
                assertThat(main.getValue("Enable-Native-Access")).isEqualTo("ALL-UNNAMED");
                assertThat(main.getValue("Implementation-Version")).isNotBlank();
                assertThat(main.getValue("Implementation-Commit")).isNotBlank();
                assertThat(jar.stream().map(JarEntry::getName))
                        .contains("META-INF/LICENSE", "META-INF/services/dev.gatehouse.policy.PolicyFactory")
                        .noneMatch(name ->
                                name.endsWith("module-info.class") || name.matches("META-INF/.*\\.(SF|RSA|DSA)"));
            }
        }

        @Test
        void startsOnAnOldJavaToSayThatItIsTooOld() throws IOException {
            try (JarFile jar = new JarFile(GatewayJarFixture.JAR.toFile());
                    DataInputStream launcher =
                            new DataInputStream(jar.getInputStream(jar.getEntry("dev/gatehouse/cli/Launcher.class")))) {
                assertThat(launcher.readInt()).isEqualTo(0xCAFEBABE);
                assertThat(launcher.readUnsignedShort()).isZero();
                assertThat(launcher.readUnsignedShort())
                        .as("class file version of Java 8")
                        .isEqualTo(52);
            }
            assertThat(Launcher.feature("1.8")).isEqualTo(8);
            assertThat(Launcher.feature("11")).isEqualTo(11);
            assertThat(Launcher.feature("strange")).isZero();
        }
    }

    @Test
    void passesItsSelfTest() throws Exception {
        long start = System.nanoTime();
        try (GatewayJarFixture gateway = GatewayJarFixture.start(directory, Map.of(), "demo", "--self-test")) {
            assertThat(gateway.exitCode()).as(gateway.everything()).isZero();
            assertThat(gateway.out()).contains("  all 9 as expected\n").doesNotContain("!");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }

    @Nested
    final class Stop {
        private static final String CONFIG = """
            http: {port: 0, hostname: 127.0.0.1}
            apiEndpoints:
              all: {paths: '*'}
            serviceEndpoints:
              backend: {url: 'http://127.0.0.1:%d'}
            policies: [proxy]
            pipelines:
              all:
                apiEndpoints: [all]
                policies:
                  - proxy: [{action: {serviceEndpoint: backend}}]
            shutdown: {timeout: %s}
            """;

        private final BlockingQueue<Call> waiting = new LinkedBlockingQueue<>();

        /** Starts a gateway and sends it a request that the service has and does not answer yet. */
        private CompletableFuture<HttpResponse<String>> underWay(GatewayJarFixture gateway)
                throws InterruptedException {
            URI uri = URI.create("http://127.0.0.1:" + gateway.port("http") + "/slow");
            CompletableFuture<HttpResponse<String>> answer =
                    client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            Call call = waiting.poll(20, TimeUnit.SECONDS);
            assertThat(call).as(gateway.everything()).isNotNull();
            waiting.add(call);
            return answer;
        }

        @Test
        void letsRequestsInFlightFinishAndExitsWithZero() throws Exception {
            try (LocalServer backend = server(waiting::add);
                    GatewayJarFixture gateway =
                            run(CONFIG.formatted(backend.address().getPort(), "20"))) {
                CompletableFuture<HttpResponse<String>> answer = underWay(gateway);
                String ready = "http://127.0.0.1:" + gateway.port("ops") + "/ready";
                assertThat(get(ready).statusCode()).isEqualTo(200);

                gateway.terminate();
                await().until(() -> get(ready).statusCode() == 503);
                assertThat(gateway.isAlive()).isTrue();
                waiting.remove().reply(200, "text/plain", "finished");

                assertThat(answer.join().body()).isEqualTo("finished");
                assertThat(gateway.exitCode()).as(gateway.everything()).isZero();
                assertThat(gateway.event("gateway.stopped")).contains("\"finished\":1", "\"cut\":0");
            }
        }

        @Test
        void cutsRequestsAtTheDeadlineAndSaysSo() throws Exception {
            try (LocalServer backend = server(waiting::add);
                    GatewayJarFixture gateway =
                            run(CONFIG.formatted(backend.address().getPort(), "0.3"))) {
                CompletableFuture<HttpResponse<String>> answer = underWay(gateway);

                gateway.terminate();

                assertThat(gateway.exitCode()).as(gateway.everything()).isEqualTo(143);
                assertThat(gateway.event("gateway.stopped")).contains("\"cut\":1");
                assertThat(answer)
                        .failsWithin(Duration.ofSeconds(5))
                        .withThrowableThat()
                        .isNotNull();
            }
        }

        @Test
        void stopsAtOnceAtTheSecondSignal() throws Exception {
            try (LocalServer backend = server(waiting::add);
                    GatewayJarFixture gateway =
                            run(CONFIG.formatted(backend.address().getPort(), "60"))) {
                CompletableFuture<HttpResponse<String>> answer = underWay(gateway);
                gateway.terminate();
                await().until(() -> !gateway.event("gateway.stopping").isEmpty());

                gateway.terminate();

                assertThat(gateway.exitCode()).isEqualTo(143);
                assertThat(answer)
                        .failsWithin(Duration.ofSeconds(5))
                        .withThrowableThat()
                        .isNotNull();
            }
        }
    }

    @Nested
    final class Start {
        @Test
        void tellsTheFactsInOneEvent() throws Exception {
            try (GatewayJarFixture gateway =
                    run("http: {port: 0, hostname: 127.0.0.1}\nadmin: {port: 0}\npolicies: []\n")) {
                assertThat(gateway.port("http")).isPositive();
                assertThat(gateway.port("admin")).isPositive();
                assertThat(gateway.event("listener.open"))
                        .contains("\"msg\":\"gateway http server listening on 127.0.0.1:" + gateway.port("http") + '"');
                assertThat(gateway.out()).isEmpty();
            }
        }

        @Test
        void refusesToStartOnAPortInUse() throws Exception {
            try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    GatewayJarFixture gateway =
                            run("http: {port: " + taken.getLocalPort() + ", hostname: 127.0.0.1}\npolicies: []\n")) {
                assertThat(gateway.exitCode()).isEqualTo(4);
                assertThat(gateway.err())
                        .contains("gateway: the http listener cannot use port 127.0.0.1:" + taken.getLocalPort()
                                + ": it is in use")
                        .doesNotContain("\tat ");
            }
        }

        @Test
        void refusesAnAdminListenerBeyondLoopback() throws Exception {
            try (GatewayJarFixture gateway =
                    run("http: {port: 0, hostname: 127.0.0.1}\nadmin: {port: 0, host: 0.0.0.0}\npolicies: []\n")) {
                assertThat(gateway.exitCode()).isEqualTo(4);
                assertThat(gateway.err())
                        .contains("'0.0.0.0' is not a loopback address")
                        .doesNotContain("\tat ");
            }
        }

        @Test
        void refusesABrokenFileWithoutAStackTrace() throws Exception {
            try (GatewayJarFixture gateway = run("http:\n\tport: 1\n")) {
                assertThat(gateway.exitCode()).isEqualTo(3);
                assertThat(gateway.err())
                        .contains("gateway.config.yml:2:1: error[E0101]", "1 error")
                        .doesNotContain("Exception", "\tat ");
            }
        }
    }

    @Test
    void staysReadyWhenItsAuthorizationServerIsDown() throws Exception {
        int dead;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            dead = socket.getLocalPort();
        }
        try (GatewayJarFixture gateway = run("""
                http: {port: 0, hostname: 127.0.0.1}
                apiEndpoints:
                  open: {paths: '/*'}
                policies: [oauth2-introspect]
                pipelines:
                  open:
                    apiEndpoints: [open]
                    policies:
                      - oauth2-introspect:
                          - action:
                              endpoint: http://127.0.0.1:%d/introspect
                              resilience: {circuitBreaker: {minimumCalls: 1}}
                """.formatted(dead))) {
            String ready = "http://127.0.0.1:" + gateway.port("ops") + "/ready";
            assertThat(get(ready).body()).contains("introspection 127.0.0.1:" + dead + ": breaker closed");
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port("http") + "/a"))
                    .header("Authorization", "Bearer t")
                    .build();

            assertThat(client.send(request, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(503);

            HttpResponse<String> after = get(ready);
            assertThat(after.statusCode()).isEqualTo(200);
            assertThat(after.body()).contains("introspection 127.0.0.1:" + dead + ": breaker open");
        }
    }

    @Test
    void showsNoSecretInAnyOutput() throws Exception {
        Resource answers = call -> call.reply(
                200,
                Call.JSON,
                "{\"active\":true,\"sub\":\"MARKER-SUB\",\"exp\":4102444800,\"secret\":\"MARKER-CLAIM\"}");
        Resource echo = call -> call.reply(200, "text/plain", "ok");
        try (LocalServer authorization = server(answers);
                LocalServer backend = server(echo);
                GatewayJarFixture gateway = run(
                        """
                    http: {port: 0, hostname: 127.0.0.1}
                    admin: {port: 0}
                    apiEndpoints:
                      open: {paths: '/*'}
                    serviceEndpoints:
                      backend: {url: 'http://127.0.0.1:%d'}
                    policies: [oauth2-introspect, proxy]
                    pipelines:
                      open:
                        apiEndpoints: [open]
                        policies:
                          - oauth2-introspect:
                              - action:
                                  endpoint: http://127.0.0.1:%d/introspect
                                  authorization_value: Basic MARKER-CREDENTIALS
                          - proxy: [{action: {serviceEndpoint: backend}}]
                    log: {access: {level: all, query: true}}
                    """.formatted(
                                        backend.address().getPort(),
                                        authorization.address().getPort()),
                        "run",
                        "--log-level",
                        "silly")) {
            String base = "http://127.0.0.1:" + gateway.port("http");
            String admin = "http://127.0.0.1:" + gateway.port("admin");
            HttpRequest inHeader = HttpRequest.newBuilder(URI.create(base + "/a"))
                    .header("Authorization", "Bearer MARKER-TOKEN")
                    .header("Cookie", "session=MARKER-COOKIE")
                    .build();
            assertThat(client.send(inHeader, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            assertThat(get(base + "/b?access_token=MARKER-QUERY&x=1").statusCode())
                    .isEqualTo(200);
            assertThat(get(base + "/c?access_token=MARKER%20BAD").statusCode()).isGreaterThanOrEqualTo(400);
            HttpRequest purge = HttpRequest.newBuilder(URI.create(admin + "/introspection/purge"))
                    .POST(BodyPublishers.ofString("{\"token\":\"MARKER-TOKEN\"}"))
                    .build();
            HttpResponse<String> purged = client.send(purge, BodyHandlers.ofString());
            String state = get(admin + "/introspection").body();
            String metrics =
                    get("http://127.0.0.1:" + gateway.port("ops") + "/metrics").body();

            gateway.terminate();

            assertThat(gateway.exitCode()).isZero();
            assertThat(purged.body()).isEqualTo("{\"removed\":1}");
            assertThat(gateway.out()).contains("\"path\":\"/b?access_token=***&x=1\"");
            assertThat(List.of(gateway.everything(), purged.body(), state, metrics))
                    .noneMatch(text -> text.contains("MARKER"));
        }
    }
}
