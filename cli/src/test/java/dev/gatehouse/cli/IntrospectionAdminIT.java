package dev.gatehouse.cli;

import static dev.gatehouse.cli.DrillFixture.MARK;
import static dev.gatehouse.cli.DrillFixture.good;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.cli.DrillFixture.Connection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The resources below {@code /introspection} of the admin listener. */
final class IntrospectionAdminIT {
    @TempDir
    private static Path directory;

    private static TokenServer server;
    private static DrillFixture drill;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    static void start() throws IOException {
        server = TokenServer.start(Duration.ZERO);
        drill = DrillFixture.start(directory, server, "ttl: 3600", "silly");
    }

    @AfterAll
    static void stop() throws IOException {
        drill.close();
    }

    private HttpResponse<String> purge(String body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + drill.gateway.port("admin") + "/introspection/purge"))
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private void use(int... numbers) throws IOException {
        try (Connection connection = drill.connect()) {
            for (int number : numbers) {
                assertThat(connection.get(good(number)).status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[]",
                "{}",
                "{\"all\":false}",
                "{\"all\":\"true\"}",
                "{\"all\":true,\"server\":\"a\"}",
                "{\"all\":true,\"sub\":\"a\"}",
                "{\"sub\":1}",
                "{\"sub\":\"\"}",
                "{\"sub\":null}",
                "{\"sub\":[\"a\"]}",
                "{\"sub\":\"a\",\"sid\":\"b\"}",
                "{\"sub\":\"a\",\"sub\":\"b\"}",
                "{\"sub\":\"a\",\"server\":1}",
                "{\"sub\":\"a\",\"server\":\"\"}",
                "{\"sub\":\"a\",\"servers\":\"b\"}",
                "{\"sub\":\"a\",\"sid\":\"b\",\"server\":\"c\"}",
                "{\"token\":\"a\",\"server\":\"b\"}",
                "{\"scope\":\"a\"}",
                "{\"Sub\":\"a\"}",
                "{\"sub\":\"a\"} x",
                "{\"sub\":\"a\"",
            })
    void refusesWhatDoesNotSayExactlyWhatToForget(String body) throws Exception {
        HttpResponse<String> answer = purge(body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("expected one of token, sub, client_id, jti, sid, server, all");
    }

    @Test
    void forgetsByEachSelectorAndAsksAgain() throws Exception {
        String name = "127.0.0.1:" + server.port();
        for (String body : new String[] {
            "{\"token\":\"" + good(1) + "\"}",
            "{\"sub\":\"" + good(1) + "-sub\"}",
            "{\"jti\":\"" + good(1) + "\"}",
            "{\"server\":\"" + name + "\",\"jti\":\"" + good(1) + "\"}",
        }) {
            use(1, 2);
            int first = server.callsFor(good(1));
            int second = server.callsFor(good(2));

            assertThat(purge(body).body()).isEqualTo("{\"removed\":1}");
            assertThat(purge(body).body()).isEqualTo("{\"removed\":0}");

            use(1, 2);
            assertThat(server.callsFor(good(1))).as(body).isEqualTo(first + 1);
            assertThat(server.callsFor(good(2))).isEqualTo(second);
        }
        assertThat(purge("{\"jti\":\"" + good(1) + "\",\"server\":\"other\"}").body())
                .isEqualTo("{\"removed\":0}");
        assertThat(purge("{\"sid\":\"" + good(1) + "\"}").body()).isEqualTo("{\"removed\":0}");
        assertThat(purge("{\"client_id\":\"" + good(1) + "\"}").body()).isEqualTo("{\"removed\":0}");
        int first = server.callsFor(good(1));
        purge("{\"server\":\"" + name + "\"}");
        use(1);
        purge("{\"all\":true}");
        use(1);
        assertThat(server.callsFor(good(1))).isEqualTo(first + 2);
        assertThat(drill.everythingSaid()).noneMatch(text -> text.contains(MARK));
    }

    @Test
    void tellsTheNumbersOfTheMetrics() throws Exception {
        use(3, 3, 3, 4);

        String state = drill.get("admin", "/introspection");

        assertThat(state)
                .contains("\"server\":\"127.0.0.1:" + server.port() + "\"", "\"breaker\":\"closed\"")
                .contains("\"calls\":" + drill.metric("gateway_introspection_requests_total") + ",")
                .contains("\"errors\":0", "\"revocation_delay_s\":3610.0", "\"latency_ms\":{", "\"hit_ratio\":0.")
                .contains("\"entries\":" + drill.metric("gateway_introspection_cache_entries", "positive") + ",")
                .contains("\"bytes\":" + drill.metric("gateway_introspection_cache_bytes", "positive") + ",")
                .contains("\"outcomes\":{\"active\":"
                        + drill.metric("gateway_introspection_requests_total", "outcome=\"active\"") + ",")
                .doesNotContain(MARK);
    }
}
