package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.policies.GatewayFixture;
import dev.gatehouse.server.RawClient;
import dev.gatehouse.upstream.ScriptedPeer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What refused clients receive, byte by byte, over real connections. */
@Timeout(60)
class RefusalBodiesIT {
    /** In every answer of the authorization server, and never in one of the gateway. */
    private static final String MARK = "marker-7d1f";

    private static final Map<String, String> ANSWERS = Map.of(
            "inactive", "{\"active\":false,\"error\":\"" + MARK + "\"}",
            "expired", "{\"active\":true,\"exp\":1,\"sub\":\"" + MARK + "\"}",
            "issuer", "{\"active\":true,\"iss\":\"https://" + MARK + "\",\"aud\":\"api\"}",
            "audience", "{\"active\":true,\"iss\":\"https://as\",\"aud\":\"" + MARK + "\"}",
            "claim", good("\"acr\":\"gold\",\"scope\":\"read\",\"tenant\":\"" + MARK + "\""),
            "stepup", good("\"tenant\":\"acme\",\"scope\":\"read\",\"acr\":\"" + MARK + "\""),
            "scope", good("\"tenant\":\"acme\",\"acr\":\"gold\",\"scope\":\"" + MARK + "\""),
            "unusable", "{\"active\":\"" + MARK);

    private final ScriptedPeer server = ScriptedPeer.start();

    @TempDir
    private Path folder;

    private static String good(String members) {
        return "{\"active\":true,\"iss\":\"https://as\",\"aud\":\"api\"," + members + "}";
    }

    @BeforeEach
    void answersByToken() {
        server.otherwise(connection -> {
            String request = connection.requests().get(connection.requests().size() - 1);
            String body = ANSWERS.entrySet().stream()
                    .filter(entry -> request.contains("token=" + entry.getKey() + "&"))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse("{}");
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Told: " + MARK
                    + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        });
    }

    @AfterEach
    void close() {
        server.close();
    }

    private GatewayFixture gateway(String bodies) throws Exception {
        return GatewayFixture.start(folder, "compat: {bodies: " + bodies + "}\n", """
            - oauth2-introspect:
                action:
                  endpoint: http://127.0.0.1:%d/introspect
                  claims: {issuer: https://as, audience: api, required: {tenant: acme}}
                  stepUp: {acrValues: gold}
                  scopes: {required: read}
            - proxy: {action: {serviceEndpoint: backend}}
            """.formatted(server.port()));
    }

    private static RawClient.Response ask(GatewayFixture gateway, String method, String... lines) throws Exception {
        try (RawClient client = gateway.client()) {
            String head = method + " /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + String.join("\r\n", lines);
            return client.send(head + (lines.length == 0 ? "" : "\r\n") + "\r\n")
                    .read(method.equals("HEAD"));
        }
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    /** Everything but what tells requests apart: the time and the id. */
    private static String withoutId(RawClient.Response response) {
        List<String> headers = response.headers().stream()
                .filter(line -> !line.toLowerCase(java.util.Locale.ROOT).startsWith("date:"))
                .filter(line -> !line.toLowerCase(java.util.Locale.ROOT).startsWith("x-request-id:"))
                .toList();
        return response.status() + " " + headers + response.body().replaceAll("\"request_id\":\"[^\"]*\"", "");
    }

    /** Situation, its header lines, status, phrase, error. */
    static Stream<Arguments> situations() {
        String[] none = {};
        return Stream.of(
                Arguments.of(none, 401, "Unauthorized", null),
                Arguments.of(new String[] {"Authorization: Bearer a b"}, 400, "Bad Request", "invalid_request"),
                Arguments.of(new String[] {bearer("a"), bearer("b")}, 400, "Bad Request", "invalid_request"),
                Arguments.of(new String[] {bearer("a".repeat(16_385))}, 401, "Unauthorized", "invalid_token"),
                Arguments.of(new String[] {bearer("inactive")}, 401, "Unauthorized", "invalid_token"),
                Arguments.of(new String[] {bearer("expired")}, 401, "Unauthorized", "invalid_token"),
                Arguments.of(new String[] {bearer("issuer")}, 401, "Unauthorized", "invalid_token"),
                Arguments.of(new String[] {bearer("audience")}, 401, "Unauthorized", "invalid_token"),
                Arguments.of(new String[] {bearer("claim")}, 403, "Forbidden", "insufficient_scope"),
                Arguments.of(new String[] {bearer("stepup")}, 401, "Unauthorized", "insufficient_user_authentication"),
                Arguments.of(new String[] {bearer("scope")}, 403, "Forbidden", "insufficient_scope"),
                Arguments.of(new String[] {bearer("unusable")}, 503, "Service Unavailable", null));
    }

    @ParameterizedTest
    @MethodSource("situations")
    void refusesWithAProblemDocument(String[] lines, int status, String phrase, @Nullable String error)
            throws Exception {
        try (GatewayFixture gateway = gateway("problem")) {
            RawClient.Response response = ask(gateway, "GET", lines);

            assertThat(response.status()).isEqualTo(status);
            assertThat(response.header("content-type")).isEqualTo("application/problem+json");
            assertThat(response.header("cache-control")).isEqualTo("no-store");
            assertThat(response.body()).contains("\"title\":\"" + phrase + "\"", "\"status\":" + status);
            if (error == null) {
                assertThat(response.body()).doesNotContain("\"error\"", "\"error_description\"");
            } else {
                assertThat(response.body()).contains("\"error\":\"" + error + "\",\"error_description\":\"");
            }
            assertThat(response.headers() + response.body()).doesNotContain(MARK);
        }
    }

    @ParameterizedTest
    @MethodSource("situations")
    void refusesWithThePhrasesOfExpressGateway(String[] lines, int status, String phrase, @Nullable String error)
            throws Exception {
        try (GatewayFixture gateway = gateway("express-gateway")) {
            RawClient.Response response = ask(gateway, "GET", lines);

            assertThat(response.status()).isEqualTo(status);
            assertThat(response.body()).isEqualTo(phrase);
            assertThat(response.header("cache-control")).isEqualTo("no-store");
            assertThat(response.headers().toString()).doesNotContain(MARK);
        }
    }

    @ParameterizedTest
    @MethodSource("situations")
    void refusesHeadWithoutABody(String[] lines, int status) throws Exception {
        for (String bodies : List.of("problem", "express-gateway")) {
            try (GatewayFixture gateway = gateway(bodies)) {
                try (RawClient client = gateway.client()) {
                    String all = client.send("HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                                    + Stream.of(lines)
                                            .map(line -> line + "\r\n")
                                            .reduce("", String::concat) + "\r\n")
                            .rest();

                    assertThat(all).startsWith("HTTP/1.1 " + status + " ").endsWith("\r\n\r\n");
                    assertThat(all.toLowerCase(java.util.Locale.ROOT)).contains("\r\ncache-control: no-store\r\n");
                    assertThat(all.indexOf("\r\n\r\n")).isEqualTo(all.length() - 4);
                }
            }
        }
    }

    @Test
    void refusesFourCausesWithTheSameBytes() throws Exception {
        for (String bodies : List.of("problem", "express-gateway")) {
            try (GatewayFixture gateway = gateway(bodies)) {
                String inactive = withoutId(ask(gateway, "GET", bearer("inactive")));

                assertThat(inactive).startsWith("401 ");
                for (String cause : List.of("expired", "issuer", "audience")) {
                    assertThat(withoutId(ask(gateway, "GET", bearer(cause)))).isEqualTo(inactive);
                }
            }
        }
    }
}
