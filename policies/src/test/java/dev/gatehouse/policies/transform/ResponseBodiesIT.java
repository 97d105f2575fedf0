package dev.gatehouse.policies.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.policies.GatewayFixture;
import dev.gatehouse.server.RawClient;
import dev.gatehouse.server.RawClient.Response;
import dev.gatehouse.upstream.ScriptedPeer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of responses that are changed as a whole, over real connections. */
@Timeout(60)
class ResponseBodiesIT {
    private static final String PROXY = "- proxy: {action: {serviceEndpoint: backend}}\n";
    private static final String CHANGE = """
            - response-transformer:
                action: {headers: {add: {x-new: "'v'"}}, body: {add: {b: 2}, remove: [secret]}, maxBodySize: 64}
            """ + PROXY;
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    @TempDir
    private Path folder;

    private static String withLength(String body) {
        return HEAD + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String inChunks(String body) {
        StringBuilder chunks = new StringBuilder(HEAD).append("Transfer-Encoding: chunked\r\n\r\n");
        body.chars().forEach(c -> chunks.append("1\r\n").append((char) c).append("\r\n"));
        return chunks.append("0\r\nX-Trailer: t\r\n\r\n").toString();
    }

    private Response get(GatewayFixture gateway, ScriptedPeer.Step answer) throws Exception {
        gateway.service().otherwise(answer);
        try (RawClient client = gateway.client()) {
            return client.get("/p").read();
        }
    }

    private static double passed(GatewayFixture gateway, String reason) {
        return gateway.meters()
                .get("gateway.response.transform.passed")
                .tag("reason", reason)
                .counter()
                .count();
    }

    @Test
    void areChangedOnceHoweverTheyArrive() throws Exception {
        String body = "{\"a\":1,\"secret\":\"s\"}";
        try (GatewayFixture gateway = GatewayFixture.start(folder, CHANGE)) {
            for (ScriptedPeer.Step answer : new ScriptedPeer.Step[] {
                ScriptedPeer.send(withLength(body)),
                ScriptedPeer.send(inChunks(body)),
                connection -> connection.drip(withLength(body)),
                connection -> connection.drip(inChunks(body)),
                ScriptedPeer.sendAndClose(HEAD + "\r\n" + body)
            }) {
                Response response = get(gateway, answer);

                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("{\"a\":1,\"b\":2}");
                assertThat(response.header("content-length")).isEqualTo("13");
                assertThat(response.header("transfer-encoding")).isNull();
                assertThat(response.header("x-new")).isEqualTo("v");
            }
            assertThat(gateway.service().requests())
                    .allSatisfy(request -> assertThat(request).contains("accept-encoding: identity\r\n"));
        }
    }

    @ParameterizedTest
    @CsvSource({"63, true", "64, true", "65, false", "5000, false"})
    void areBounded(int size, boolean changed) throws Exception {
        String body = "{\"a\":\"" + "x".repeat(size - 8) + "\"}";
        String after = changed ? body.substring(0, size - 1) + ",\"b\":2}" : body;
        try (GatewayFixture gateway = GatewayFixture.start(folder, CHANGE)) {
            assertThat(get(gateway, ScriptedPeer.send(withLength(body))).body()).isEqualTo(after);
            assertThat(get(gateway, ScriptedPeer.send(inChunks(body))).body())
                    .isEqualTo(after + (changed ? "" : "[trailer x-trailer: t]"));
            assertThat(passed(gateway, "too_large")).isEqualTo(changed ? 0 : 2);
        }
    }

    @Test
    void thatAreNoJsonPassAndAreCounted() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.start(folder, CHANGE)) {
            Response text = get(
                    gateway,
                    ScriptedPeer.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}"));
            Response broken = get(gateway, ScriptedPeer.send(withLength("{\"a\":")));
            Response packed = get(
                    gateway, ScriptedPeer.send(withLength("{}").replace("200 OK", "200 OK\r\nContent-Encoding: gzip")));

            assertThat(text.body()).isEqualTo("{}");
            assertThat(text.header("x-new")).isEqualTo("v");
            assertThat(broken.body()).isEqualTo("{\"a\":");
            assertThat(broken.header("content-length")).isEqualTo("5");
            assertThat(packed.body()).isEqualTo("{}");
            assertThat(passed(gateway, "not_json")).isEqualTo(1);
            assertThat(passed(gateway, "malformed")).isEqualTo(1);
            assertThat(passed(gateway, "encoded")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"204 No Content", "304 Not Modified"})
    void thatAreNoneStayNone(String status) throws Exception {
        try (GatewayFixture gateway = GatewayFixture.start(folder, CHANGE)) {
            Response response = get(
                    gateway, ScriptedPeer.send("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\n\r\n"));

            assertThat(response.body()).isEmpty();
            assertThat(response.header("x-new")).isEqualTo("v");
            assertThat(response.header("content-length")).isNull();
        }
    }

    @Test
    void ofHeadAreNotWaitedFor() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.start(folder, CHANGE);
                RawClient client = gateway.client()) {
            gateway.service().otherwise(ScriptedPeer.send(HEAD + "Content-Length: 20\r\n\r\n"));
            client.send("HEAD /p HTTP/1.1\r\nHost: a\r\n\r\n");

            Response response = client.read(true);

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("content-length")).isEqualTo("20");
        }
    }

    @Test
    void leaveTheConnectionInOrder() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.start(folder, CHANGE);
                RawClient client = gateway.client()) {
            gateway.service().otherwise(ScriptedPeer.send(inChunks("{}")));
            client.get("/a").get("/b").get("/c");

            for (int i = 0; i < 3; i++) {
                assertThat(client.read().body()).isEqualTo("{\"b\":2}");
            }
            assertThat(gateway.service().connections()).hasSize(1);
        }
    }

    @Test
    void refusesWhenTheServiceBreaksOff() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.start(folder, CHANGE)) {
            Response response = get(gateway, ScriptedPeer.sendAndClose(HEAD + "Content-Length: 20\r\n\r\n{\"a\":1,"));

            assertThat(response.status()).isEqualTo(502);
            await().until(() -> gateway.inFlight() == 0);
        }
    }

    @Test
    void refusesWhenTheServiceStopsInTheMiddle() throws Exception {
        String limits = "limits: {upstreamBodyIdleTimeoutMs: 200}\n";
        try (GatewayFixture gateway = GatewayFixture.start(folder, limits, CHANGE)) {
            Response response = get(gateway, ScriptedPeer.send(HEAD + "Content-Length: 20\r\n\r\n{\"a\":1,"));

            assertThat(response.status()).isEqualTo(502);
            await().until(() -> gateway.inFlight() == 0);
        }
    }

    @Test
    void refusesWhenAnExpressionFails() throws Exception {
        String fails = "- response-transformer: {action: {body: {add: {b: nosuch.x}}}}\n" + PROXY;
        try (GatewayFixture gateway = GatewayFixture.start(folder, fails)) {
            Response response = get(gateway, ScriptedPeer.send(withLength("{\"secret\":1}")));

            assertThat(response.status()).isEqualTo(500);
            assertThat(response.body()).doesNotContain("secret");
            await().until(() -> gateway.inFlight() == 0);
        }
    }

    @Test
    void freeEverythingWhenTheClientLeaves() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.start(folder, CHANGE)) {
            gateway.service().otherwise(ScriptedPeer.send(HEAD + "Content-Length: 20\r\n\r\n{\"a\":1,"));
            RawClient client = gateway.client().get("/p");
            await().until(() -> gateway.service().requests().size() == 1);

            client.reset();

            await().until(() -> gateway.inFlight() == 0);
        }
    }

    @Test
    void areChangedByEveryStepLastConfiguredFirst() throws Exception {
        String twice = """
                - response-transformer: {action: {body: {add: {a: "'first'"}}}}
                - response-transformer: {action: {body: {add: {a: "'last'", c: 3}}, maxBodySize: 5}}
                - response-transformer: {action: {body: {add: {a: "'later'", d: 4}}}}
                """ + PROXY;
        try (GatewayFixture gateway = GatewayFixture.start(folder, twice)) {
            Response response = get(gateway, ScriptedPeer.send(inChunks("{\"x\":1}")));

            assertThat(response.body()).isEqualTo("{\"x\":1,\"a\":\"first\",\"d\":4}");
            assertThat(passed(gateway, "too_large")).isEqualTo(1);
        }
    }

    @Test
    void ofTheGatewayStayAsTheyAre() throws Exception {
        String reply = CHANGE.replace(PROXY, "") + "- terminate: {action: {statusCode: 202, message: '{}', "
                + "contentType: application/json}}\n";
        try (GatewayFixture gateway = GatewayFixture.start(folder, reply);
                RawClient client = gateway.client()) {
            Response response = client.get("/p").read();

            assertThat(response.status()).isEqualTo(202);
            assertThat(response.body()).isEqualTo("{}");
            assertThat(response.header("x-new")).isEqualTo("v");
        }
    }
}
