package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.policies.GatewayFixture;
import dev.gatehouse.server.RawClient;
import dev.gatehouse.upstream.ScriptedPeer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tokens in forms over real connections: what is collected, what streams, what reaches the service. */
@Timeout(60)
class FormTokenIT {
    private static final String ACTIVE = "{\"active\":true,\"sub\":\"alice\"}";
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
            + ACTIVE.length() + "\r\n\r\n" + ACTIVE;

    @TempDir
    private Path folder;

    private final ScriptedPeer server = ScriptedPeer.start();
    private GatewayFixture gateway;

    @BeforeEach
    void start() throws Exception {
        server.otherwise(ScriptedPeer.send(ANSWER));
        gateway = GatewayFixture.start(folder, """
                - oauth2-introspect:
                    action:
                      endpoint: http://127.0.0.1:%d/introspect
                      authorization_value: Basic x
                      tokenSources: [header, form]
                      passThrough: true
                      passThroughOn: missing
                - proxy: {action: {serviceEndpoint: backend}}
                """.formatted(server.port()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        server.close();
    }

    private static String post(String body, String... lines) {
        return "POST /p HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + String.join("", lines) + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private RawClient.Response exchange(String... pieces) throws IOException {
        try (RawClient client = gateway.client()) {
            for (String piece : pieces) {
                client.send(piece);
            }
            return client.read();
        }
    }

    private String received() {
        await().until(() -> !gateway.service().requests().isEmpty());
        return gateway.service().requests().get(0);
    }

    private static String bodyOf(String request) {
        return request.substring(request.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void movesTheTokenOutOfTheBody() throws Exception {
        assertThat(exchange(post("a=1&access_token=t&b=2")).status()).isEqualTo(200);

        assertThat(received()).contains("authorization: Bearer t\r\n").contains("content-length: 7\r\n");
        assertThat(bodyOf(received())).isEqualTo("a=1&b=2");
        assertThat(server.requests()).singleElement().asString().contains("token=t");
    }

    @Test
    void readsABodyThatComesByteByByte() throws Exception {
        assertThat(exchange(post("a=1&access_token=t").split("(?<=.)", -1)).status())
                .isEqualTo(200);

        assertThat(bodyOf(received())).isEqualTo("a=1");
    }

    @Test
    void asksForTheBodyOfAClientThatWaits() throws Exception {
        try (RawClient client = gateway.client()) {
            String request = post("access_token=t", "Expect: 100-continue\r\n");
            client.send(request.substring(0, request.length() - 14));
            assertThat(client.read().status()).isEqualTo(100);
            client.send("access_token=t");

            assertThat(client.read().status()).isEqualTo(200);
        }
        assertThat(bodyOf(received())).isEmpty();
    }

    @Test
    void replaysABodyWithoutATokenUntouched() throws Exception {
        String body = "a=%zz&&b=" + "x".repeat(16_000);

        assertThat(exchange(post(body, "Authorization: Bearer t\r\n")).status()).isEqualTo(200);

        assertThat(bodyOf(received())).isEqualTo(body);
    }

    @Test
    void refusesATokenInTheBodyBesideOneInTheHeader() throws Exception {
        assertThat(exchange(post("access_token=t", "Authorization: Bearer t\r\n"))
                        .status())
                .isEqualTo(400);

        assertThat(server.requests()).isEmpty();
    }

    @Test
    void streamsALargerBodyWhoseTokenCountsAsMissing() throws Exception {
        String body = "access_token=t&b=" + "x".repeat(16_384);

        RawClient.Response response = exchange(post(body));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("eg-consumer-id")).isEqualTo("anonymous");
        assertThat(bodyOf(received())).isEqualTo(body);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void streamsAChunkedBodyWhoseTokenCountsAsMissing() throws Exception {
        String type = "Content-Type: application/x-www-form-urlencoded\r\n";
        String head = "POST /p HTTP/1.1\r\nHost: a\r\n" + type + "Transfer-Encoding: chunked\r\n\r\n";

        RawClient.Response response = exchange(head, "e\r\naccess_token=t\r\n", "0\r\n\r\n");

        assertThat(response.header("eg-consumer-id")).isEqualTo("anonymous");
        assertThat(received()).contains("access_token=t");
        assertThat(server.requests()).isEmpty();
    }
}
