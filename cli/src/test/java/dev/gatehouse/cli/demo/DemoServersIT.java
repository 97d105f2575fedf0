package dev.gatehouse.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.transport.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DemoServersIT {
    private final Ports ports = new Ports(Transport.detect());
    private final HttpClient client = HttpClient.newHttpClient();

    private HttpResponse<String> post(String url, String credentials, String form)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Authorization", credentials)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        demo-read           | "active":true,"sub":"alice","client_id":"web","scope":"orders:read profile"
        demo-write          | "scope":"orders:read orders:write"
        demo-other-audience | "aud":"https://other.example"
        demo-expired        | {"active":false}
        unknown             | {"active":false}
        """)
    void introspectsFixedTokens(String token, String answer) throws Exception {
        try (AuthorizationServer server = AuthorizationServer.open(ports, 0)) {
            assertThat(post(server.url() + "/introspect", AuthorizationServer.GATEWAY_CREDENTIALS, "token=" + token)
                            .body())
                    .contains(answer);
            assertThat(server.introspections()).isEqualTo(1);
        }
    }

    @Test
    void issuesAndRevokesTokens() throws Exception {
        try (AuthorizationServer server = AuthorizationServer.open(ports, 0)) {
            String client = AuthorizationServer.CLIENT_CREDENTIALS;
            String body = post(server.url() + "/token", client, "grant_type=client_credentials&scope=orders%3Aread")
                    .body();
            String token = body.replaceAll(".*\"access_token\":\"([0-9a-f]+)\".*", "$1");
            String asked = "token=" + token;

            assertThat(post(server.url() + "/introspect", AuthorizationServer.GATEWAY_CREDENTIALS, asked)
                            .body())
                    .contains("\"active\":true", "\"scope\":\"orders:read\"");
            assertThat(post(server.url() + "/revoke", client, asked).statusCode())
                    .isEqualTo(200);
            assertThat(post(server.url() + "/introspect", AuthorizationServer.GATEWAY_CREDENTIALS, asked)
                            .body())
                    .isEqualTo("{\"active\":false}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/introspect, Basic x, token=demo-read, 401",
        "/token, Basic x, grant_type=client_credentials&scope=profile, 401",
        "/revoke, Basic x, token=demo-read, 401"
    })
    void refusesStrangers(String path, String credentials, String form, int status) throws Exception {
        try (AuthorizationServer server = AuthorizationServer.open(ports, 0)) {
            assertThat(post(server.url() + path, credentials, form).statusCode())
                    .isEqualTo(status);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "grant_type=password&scope=profile",
        "grant_type=client_credentials&scope=admin",
        "grant_type=client_credentials"
    })
    void refusesWrongTokenRequests(String form) throws Exception {
        try (AuthorizationServer server = AuthorizationServer.open(ports, 0)) {
            assertThat(post(server.url() + "/token", AuthorizationServer.CLIENT_CREDENTIALS, form)
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void canBeDownAndComeBack() throws Exception {
        try (AuthorizationServer server = AuthorizationServer.open(ports, 0)) {
            String gateway = AuthorizationServer.GATEWAY_CREDENTIALS;
            post(server.url() + "/demo/down", gateway, "");
            assertThat(post(server.url() + "/introspect", gateway, "token=demo-read")
                            .statusCode())
                    .isEqualTo(503);

            post(server.url() + "/demo/up", gateway, "");
            assertThat(post(server.url() + "/introspect", gateway, "token=demo-read")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void takesAnotherPortWhenItsOwnIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                AuthorizationServer server = AuthorizationServer.open(ports, taken.getLocalPort())) {
            assertThat(server.port()).isNotEqualTo(taken.getLocalPort()).isPositive();
            assertThat(Ports.freeOrAny(taken.getLocalPort())).isZero();
        }
    }

    @Test
    void backendTellsWhoTheGatewaySaidItWasAndStreamsEvents() throws Exception {
        try (Backend backend = Backend.open(ports, 0)) {
            URI orders = URI.create(backend.url() + "/orders");
            HttpRequest request =
                    HttpRequest.newBuilder(orders).header("x-user-id", "alice").build();
            assertThat(client.send(request, BodyHandlers.ofString()).body())
                    .startsWith("{\"user\":\"alice\",\"orders\":[");

            HttpRequest events =
                    HttpRequest.newBuilder(orders.resolve("/orders/events")).build();
            try (InputStream stream =
                    client.send(events, BodyHandlers.ofInputStream()).body()) {
                assertThat(new String(stream.readNBytes(19), StandardCharsets.UTF_8))
                        .isEqualTo("id: 1\nevent: order\n");
            }
        }
    }
}
