package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.policies.GatewayFixture;
import dev.gatehouse.server.RawClient;
import dev.gatehouse.upstream.ScriptedPeer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The calls of the policy over real connections. */
@Timeout(60)
class IntrospectionCallsIT {
    private static final String ACTIVE = "{\"active\":true}";

    private final ScriptedPeer server = ScriptedPeer.start();
    private final ScriptedPeer other = ScriptedPeer.start();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        server.close();
        other.close();
    }

    private static String json(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body;
    }

    private GatewayFixture gateway(String options) throws Exception {
        return GatewayFixture.start(
                folder,
                """
                - oauth2-introspect:
                    action:
                      endpoint: http://127.0.0.1:%d/introspect?a=b
                """.formatted(server.port()) + options.indent(6) + "- proxy: {action: {serviceEndpoint: backend}}\n");
    }

    private static int status(RawClient client, String path, String token) throws Exception {
        return client.get(path, "Authorization: Bearer " + token).read().status();
    }

    @Test
    void useOneConnectionForManyTokens() throws Exception {
        server.otherwise(ScriptedPeer.send(json(ACTIVE)));
        try (GatewayFixture gateway = gateway("");
                RawClient client = gateway.client()) {
            for (int i = 0; i < 100; i++) {
                assertThat(status(client, "/", "t" + i)).isEqualTo(200);
            }
        }

        assertThat(server.requests())
                .hasSize(100)
                .allSatisfy(request -> assertThat(request).startsWith("POST /introspect?a=b HTTP/1.1\r\n"));
        assertThat(server.connections()).hasSize(1);
    }

    @Test
    void refuseToFollowRedirects() throws Exception {
        server.otherwise(ScriptedPeer.send("HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:"
                + other.port() + "/introspect\r\nContent-Length: 0\r\n\r\n"));
        other.otherwise(ScriptedPeer.send(json(ACTIVE)));
        try (GatewayFixture gateway = gateway("");
                RawClient client = gateway.client()) {
            assertThat(status(client, "/", "t")).isEqualTo(503);
        }

        assertThat(other.connections()).isEmpty();
    }

    @Test
    void refuseAnAnswerThatDripsBeyondTheWholeTime() throws Exception {
        server.otherwise(connection -> {
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n");
            connection.drip(" ".repeat(100_000));
        });
        try (GatewayFixture gateway = gateway("resilience: {totalTimeout: 200ms}");
                RawClient client = gateway.client()) {
            assertThat(status(client, "/", "t")).isEqualTo(503);
        }
    }

    @Test
    void ofOneStepDoNotWaitForTheSlowServerOfAnother() throws Exception {
        server.otherwise(connection -> {});
        other.otherwise(ScriptedPeer.send(json(ACTIVE)));
        String steps = """
                - oauth2-introspect:
                    - condition: {name: pathExact, path: /slow}
                      action:
                        endpoint: http://127.0.0.1:%d/
                        resilience: {maxConcurrent: 2, queueTimeout: 30s, totalTimeout: 30s}
                    - condition: {name: pathExact, path: /fast}
                      action: {endpoint: 'http://127.0.0.1:%d/', timeout: 2000}
                - proxy: {action: {serviceEndpoint: backend}}
                """.formatted(server.port(), other.port());
        List<RawClient> waiting = new ArrayList<>();
        try (GatewayFixture gateway = GatewayFixture.start(folder, steps);
                RawClient client = gateway.client()) {
            for (int i = 0; i < 20; i++) {
                waiting.add(gateway.client().get("/slow", "Authorization: Bearer s" + i));
            }
            await().until(() -> gateway.inFlight() == 20 && server.requests().size() == 2);

            for (int i = 0; i < 20; i++) {
                assertThat(status(client, "/fast", "f" + i)).isEqualTo(200);
            }

            assertThat(gateway.inFlight()).isEqualTo(20);
        } finally {
            for (RawClient each : waiting) {
                each.close();
            }
        }
    }
}
