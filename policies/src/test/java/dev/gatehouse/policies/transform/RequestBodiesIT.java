package dev.gatehouse.policies.transform;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.policies.GatewayFixture;
import dev.gatehouse.server.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are read before the request goes on, over real connections. */
@Timeout(60)
class RequestBodiesIT {
    private static final String PROXY = "- proxy: {action: {serviceEndpoint: backend}}\n";
    private static final String ADD = "- request-transformer: {action: {body: {add: {b: 2}}}}\n" + PROXY;
    private static final String SCHEMA = """
            - terminate:
                condition:
                  name: not
                  condition: {name: json-schema, schema: {type: object, required: [name]}}
                action: {statusCode: 422, message: unfit}
            """ + PROXY;

    @TempDir
    private Path folder;

    private static String post(String body, String... lines) {
        return "POST /p HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + String.join("\r\n", lines)
                + (lines.length == 0 ? "" : "\r\n") + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String head(String... lines) {
        return "POST /p HTTP/1.1\r\nHost: a\r\n" + String.join("\r\n", lines) + "\r\n\r\n";
    }

    private static String bodyOf(String request) {
        return request.substring(request.indexOf("\r\n\r\n") + 4);
    }

    private static String received(GatewayFixture gateway) {
        await().until(() -> gateway.service().requests().size() == 1);
        return gateway.service().requests().get(0);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(UTF_8));
        }
        return packed.toByteArray();
    }

    @Nested
    class Changed {
        @Test
        void arrivesOnceWithItsNewLength() throws Exception {
            try (GatewayFixture gateway = GatewayFixture.start(folder, ADD);
                    RawClient client = gateway.client()) {
                client.send(post("{\"a\":1}"));

                assertThat(client.read().status()).isEqualTo(200);
                assertThat(received(gateway))
                        .contains("content-length: 13\r\n")
                        .doesNotContain("transfer-encoding")
                        .endsWith("\r\n\r\n{\"a\":1,\"b\":2}");
            }
        }

        @Test
        void isFramedByLengthWhenItCameInChunks() throws Exception {
            try (GatewayFixture gateway = GatewayFixture.start(folder, ADD);
                    RawClient client = gateway.client()) {
                client.send(head("Content-Type: application/json", "Transfer-Encoding: chunked"));
                for (String piece : "{\"a\":1}".split("", -1)) {
                    client.send(piece.isEmpty() ? "" : "1\r\n" + piece + "\r\n");
                }
                client.send("0\r\n\r\n");

                assertThat(client.read().status()).isEqualTo(200);
                assertThat(received(gateway))
                        .contains("content-length: 13\r\n")
                        .doesNotContain("transfer-encoding")
                        .endsWith("\r\n\r\n{\"a\":1,\"b\":2}");
            }
        }

        @Test
        void isInflatedForTheService() throws Exception {
            byte[] packed = gzip("{\"a\":1}");
            try (GatewayFixture gateway = GatewayFixture.start(folder, ADD);
                    RawClient client = gateway.client()) {
                client.send(post("", "Content-Encoding: gzip")
                        .replace("Content-Length: 0", "Content-Length: " + packed.length));
                client.send(packed);

                assertThat(client.read().status()).isEqualTo(200);
                assertThat(received(gateway))
                        .doesNotContain("content-encoding")
                        .doesNotContain("Content-Encoding")
                        .endsWith("\r\n\r\n{\"a\":1,\"b\":2}");
            }
        }

        @Test
        void isSentOncePerRequestOfAConnection() throws Exception {
            try (GatewayFixture gateway = GatewayFixture.start(folder, ADD);
                    RawClient client = gateway.client()) {
                for (int i = 0; i < 3; i++) {
                    client.send(post("{\"a\":" + i + "}"));
                    assertThat(client.read().status()).isEqualTo(200);
                    assertThat(gateway.service().requests().get(i)).endsWith("{\"a\":" + i + ",\"b\":2}");
                }
            }
        }

        @Test
        void waitsForAClientThatAsksFirst() throws Exception {
            try (GatewayFixture gateway = GatewayFixture.start(folder, ADD);
                    RawClient client = gateway.client()) {
                client.send(head("Content-Type: application/json", "Expect: 100-continue", "Content-Length: 7"));
                assertThat(client.read().status()).isEqualTo(100);
                client.send("{\"a\":1}");

                assertThat(client.read().status()).isEqualTo(200);
                assertThat(received(gateway)).endsWith("{\"a\":1,\"b\":2}");
            }
        }
    }

    @Nested
    class Checked {
        @ParameterizedTest
        @ValueSource(ints = {1, 20_000, 90_000})
        void goesOnAsItCame(int size) throws Exception {
            String body = "{ \"name\" :\"" + "y".repeat(size) + "\" }";
            try (GatewayFixture gateway = GatewayFixture.start(folder, SCHEMA);
                    RawClient client = gateway.client()) {
                client.send(post(body));

                assertThat(client.read().status()).isEqualTo(200);
                assertThat(bodyOf(received(gateway))).isEqualTo(body);
            }
        }

        @Test
        void goesOnCompressedAsItCame() throws Exception {
            byte[] packed = gzip("{\"name\":1}");
            try (GatewayFixture gateway = GatewayFixture.start(folder, SCHEMA);
                    RawClient client = gateway.client()) {
                client.send(post("", "Content-Encoding: gzip")
                        .replace("Content-Length: 0", "Content-Length: " + packed.length));
                client.send(packed);

                assertThat(client.read().status()).isEqualTo(200);
                assertThat(bodyOf(received(gateway)).getBytes(ISO_8859_1)).isEqualTo(packed);
            }
        }

        @Test
        void isRefusedWhereItStandsInTheFile() throws Exception {
            try (GatewayFixture gateway = GatewayFixture.start(folder, SCHEMA);
                    RawClient client = gateway.client()) {
                client.send(post("{\"n\":1}"));

                assertThat(client.read().status()).isEqualTo(422);
                assertThat(gateway.service().requests()).isEmpty();
            }
        }

        @Test
        void otherTypesStreamWithoutWaiting() throws Exception {
            String any = "- proxy: [{condition: {name: json-schema, schema: {type: object}}, "
                    + "action: {serviceEndpoint: backend}}]\n";
            try (GatewayFixture gateway = GatewayFixture.start(folder, any);
                    RawClient client = gateway.client()) {
                gateway.service().answerAtHead();
                client.send(head("Content-Type: text/plain", "Content-Length: 500000"));
                client.send("first");

                assertThat(client.read().status()).isEqualTo(200);
            }
        }

        @ParameterizedTest
        @CsvSource({"63, 200", "64, 200", "65, 413"})
        void isBounded(int size, int status) throws Exception {
            String limited = SCHEMA.replace("schema: {", "maxBodySize: 64, schema: {");
            String body = "{\"name\":\"" + "x".repeat(size - 11) + "\"}";
            for (boolean chunked : new boolean[] {false, true}) {
                try (GatewayFixture gateway = GatewayFixture.start(folder, limited);
                        RawClient client = gateway.client()) {
                    String chunk = Integer.toHexString(size) + "\r\n" + body + "\r\n0\r\n\r\n";
                    client.send(
                            chunked
                                    ? post("").replace("Content-Length: 0", "Transfer-Encoding: chunked") + chunk
                                    : post(body));

                    assertThat(client.read().status())
                            .as("chunked: %s", chunked)
                            .isEqualTo(status);
                    assertThat(gateway.service().requests()).hasSize(status == 200 ? 1 : 0);
                }
            }
        }

        @Test
        void refusesToAskForABodyThatIsTooLarge() throws Exception {
            try (GatewayFixture gateway = GatewayFixture.start(folder, SCHEMA);
                    RawClient client = gateway.client()) {
                client.send(head("Content-Type: application/json", "Expect: 100-continue", "Content-Length: 200000"));

                assertThat(client.read().status()).isEqualTo(413);
            }
        }

        @Test
        void refusesABodyThatDoesNotArrive() throws Exception {
            try (GatewayFixture gateway =
                            GatewayFixture.start(folder, "limits: {requestBodyIdleTimeoutMs: 200}\n", SCHEMA);
                    RawClient client = gateway.client()) {
                client.send(post("{\"name\":1}").replace("\"name\":1}", ""));

                assertThat(client.read().status()).isEqualTo(408);
                await().until(() -> gateway.inFlight() == 0);
                assertThat(gateway.service().requests()).isEmpty();
            }
        }

        @Test
        void takesItsTimeWithAClientThatIsSlow() throws Exception {
            String body = "{\"name\":1}";
            try (GatewayFixture gateway =
                            GatewayFixture.start(folder, "limits: {requestBodyIdleTimeoutMs: 2000}\n", SCHEMA);
                    RawClient client = gateway.client()) {
                client.send(post(body).substring(0, post(body).length() - body.length()));
                for (int i = 0; i < body.length(); i++) {
                    client.send(body.substring(i, i + 1));
                }

                assertThat(client.read().status()).isEqualTo(200);
            }
        }

        @Test
        void freesEverythingWhenTheClientLeaves() throws Exception {
            try (GatewayFixture gateway = GatewayFixture.start(folder, SCHEMA)) {
                RawClient client = gateway.client();
                client.send(post("{\"name\":\"" + "x".repeat(50_000) + "\"}").substring(0, 30_000));
                await().until(() -> gateway.inFlight() == 1);

                client.reset();

                await().until(() -> gateway.inFlight() == 0);
                assertThat(gateway.service().requests()).isEmpty();
            }
        }

        @Test
        void refusesMalformedJson() throws Exception {
            try (GatewayFixture gateway = GatewayFixture.start(folder, SCHEMA);
                    RawClient client = gateway.client()) {
                client.send(post("{\"name\":"));

                assertThat(client.read().status()).isEqualTo(400);
                assertThat(gateway.service().requests()).isEmpty();
            }
        }
    }
}
