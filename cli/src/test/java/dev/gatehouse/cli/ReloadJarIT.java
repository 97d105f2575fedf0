package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real jar, whose file changes under it. */
@Timeout(120)
final class ReloadJarIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void reloadsWhenTheFileChangesHoweverThatIsDone() throws Exception {
        try (GatewayJarFixture gateway = run("one", Map.of(), "run")) {
            assertThat(body(gateway)).isEqualTo("one");

            Files.writeString(file(), config("two"));
            await().atMost(PATIENCE).until(() -> body(gateway).equals("two"));

            Path swap = Files.writeString(directory.resolve(".gateway.config.yml.swp"), config("three"));
            Files.move(swap, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            await().atMost(PATIENCE).until(() -> body(gateway).equals("three"));

            Files.delete(file());
            await().atMost(PATIENCE).until(() -> gateway.events("config.vanished") == 1);
            assertThat(body(gateway)).isEqualTo("three");

            Files.writeString(file(), config("four"));
            await().atMost(PATIENCE).until(() -> body(gateway).equals("four"));
            assertThat(event(gateway, "config.reloaded"))
                    .contains("hot-reload config completed", "\"trigger\":\"watch\"");
        }
    }

    @Test
    void reloadsAtASignalWithoutWatching() throws Exception {
        try (GatewayJarFixture gateway = run("one", Map.of(), "run", "--no-watch")) {
            assertThat(body(gateway)).isEqualTo("one");
            Files.writeString(file(), config("two"));

            gateway.hangUp();
            await().atMost(PATIENCE).until(() -> body(gateway).equals("two"));
            assertThat(event(gateway, "config.reloaded")).contains("\"trigger\":\"signal\"");

            gateway.hangUp();
            await().atMost(PATIENCE).until(() -> gateway.events("config.unchanged") == 1);

            gateway.terminate();
            assertThat(gateway.exitCode()).as(gateway.everything()).isZero();
        }
    }

    @Test
    void doesNotWatchWhenTheEnvironmentSaysSo() throws Exception {
        // Any text switches it off, as in Express Gateway.
        try (GatewayJarFixture gateway = run("one", Map.of("EG_DISABLE_CONFIG_WATCH", "false"), "run")) {
            gateway.port("http");
            Files.writeString(file(), config("two"));

            await().during(Duration.ofSeconds(3))
                    .atMost(PATIENCE)
                    .until(() -> body(gateway).equals("one"));
        }
    }

    @Test
    void tellsTheStandingAndReloadsOnDemand() throws Exception {
        try (GatewayJarFixture gateway = run("one", Map.of(), "run", "--no-watch")) {
            String admin = "http://127.0.0.1:" + gateway.port("admin");
            assertThat(get(admin + "/status").body())
                    .contains("\"state\":\"running\"", "\"number\":1")
                    .doesNotContain("refused");

            assertThat(post(admin + "/reload").body()).isEqualTo("{\"result\":\"unchanged\",\"number\":1}");
            Files.writeString(file(), config("two"));
            assertThat(post(admin + "/reload").body())
                    .startsWith("{\"result\":\"applied\",\"number\":2,")
                    .contains("\"change\":\"~1 pipeline\"");
            Files.writeString(file(), config("three") + "bad: [\n");
            HttpResponse<String> refused = post(admin + "/reload");

            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.body()).contains("\"result\":\"rejected\"", "\"number\":2", "\"line\":7");
            assertThat(get(admin + "/status").body()).contains("\"number\":2", "\"refused\":{\"at\":");
            assertThat(event(gateway, "config.rejected"))
                    .contains("Could not hot-reload gateway.config.yml. Configuration is invalid.", "\"line\":7");
            assertThat(body(gateway)).isEqualTo("two");
        }
    }

    /** The log is written by a thread of its own. */
    private static String event(GatewayJarFixture gateway, String name) {
        await().atMost(PATIENCE).until(() -> gateway.events(name) > 0);
        return gateway.event(name);
    }

    private GatewayJarFixture run(String message, Map<String, String> environment, String... args) throws IOException {
        Files.writeString(file(), config(message));
        return GatewayJarFixture.start(directory, environment, args);
    }

    private Path file() {
        return directory.resolve("gateway.config.yml");
    }

    private String body(GatewayJarFixture gateway) throws IOException, InterruptedException {
        return get("http://127.0.0.1:" + gateway.port("http") + "/a").body();
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String url) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(url))
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    private static String config(String message) {
        return """
                http: {port: 0, hostname: 127.0.0.1}
                admin: {port: 0}
                apiEndpoints: {a: {host: '*', paths: /a}}
                policies: [terminate]
                pipelines: {p: {apiEndpoints: [a], policies: [{terminate: {action: {statusCode: 200, message: %s}}}]}}
                """.formatted(message);
    }
}
