package dev.gatehouse.cli.demo;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.cli.run.Prepared;
import dev.gatehouse.config.LogConfig.Access;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.metrics.AccessOptions;
import dev.gatehouse.runtime.Gateway;
import dev.gatehouse.runtime.StartFailure;
import dev.gatehouse.server.RawClient;
import dev.gatehouse.server.RawClient.Response;
import dev.gatehouse.transport.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two protected resources on two hosts, behind one gateway and in front of the demo's servers (RFC 9728). */
@Timeout(60)
final class ProtectedResourceIT {
    private static final Ports PORTS = new Ports(Transport.detect());
    private static final Backend BACKEND = Backend.open(PORTS, 0);
    private static final AuthorizationServer AUTHORIZATION_SERVER = AuthorizationServer.open(PORTS, 0);
    private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";
    private static final String CONFIG = """
            http: {port: 0, hostname: 127.0.0.1}
            apiEndpoints:
              orders:
                host: api.demo.example
                paths: ['/echo/*']
                scopes: ['orders:read']
                resource: {identifier: 'https://api.demo.example/orders', authorizationServers: ['https://login.example']}
              tools:
                host: mcp.demo.example
                paths: ['/*']
                resource: {identifier: 'https://mcp.demo.example/mcp', authorizationServers: ['https://login.example']}
            serviceEndpoints: {backend: {url: '${BACKEND}'}}
            policies: [oauth2-introspect, proxy]
            pipelines:
              all:
                apiEndpoints: [orders, tools]
                policies:
                  - oauth2-introspect:
                      - action:
                          endpoint: ${INTROSPECT}
                          authorization_value: Basic Z2F0ZXdheTpnYXRld2F5LXNlY3JldA==
                          tokenSources: [header]
                          forwardToken: none
                  - proxy: [{action: {serviceEndpoint: backend}}]
            """;

    @TempDir
    Path folder;

    private Prepared prepared;
    private AccessLog log;
    private RawClient client;

    @BeforeEach
    void start() throws IOException, StartFailure {
        Path file = Files.writeString(folder.resolve("gateway.config.yml"), CONFIG);
        Map<String, String> environment =
                Map.of("BACKEND", BACKEND.url(), "INTROSPECT", AUTHORIZATION_SERVER.url() + "/introspect");
        prepared = Prepared.of(new Prepared.Source(file, environment, false, false, null));
        // Whoever warns about a file like this one cries wolf.
        assertThat(prepared.problems().all()).isEmpty();
        Gateway gateway = requireNonNull(prepared.gateway(), "gateway");
        log = AccessLog.open(new AccessOptions(Access.OFF, false, true, true, ""), bytes -> {}, prepared.meters());
        client = new RawClient(gateway.start(log).get(0).address().getPort());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        prepared.close();
        log.close();
    }

    @AfterAll
    static void stopServers() {
        BACKEND.close();
        AUTHORIZATION_SERVER.close();
    }

    private Response send(String method, String target, String host, String... lines) throws IOException {
        StringBuilder request = new StringBuilder(method + ' ' + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
        for (String line : lines) {
            request.append(line).append("\r\n");
        }
        return client.send(request.append("\r\n").toString()).read(method.equals("HEAD"));
    }

    @ParameterizedTest
    @CsvSource({
        "api.demo.example, /orders, https://api.demo.example/orders",
        "mcp.demo.example, /mcp, https://mcp.demo.example/mcp"
    })
    void eachHostHasItsDocument(String host, String path, String identifier) throws IOException {
        int before = BACKEND.requests();

        Response response = send("GET", WELL_KNOWN + path, host, "Origin: https://page.example");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("content-type")).isEqualTo("application/json");
        assertThat(response.header("cache-control")).isEqualTo("max-age=3600");
        assertThat(response.header("access-control-allow-origin")).isEqualTo("*");
        JsonNode document = JsonMapper.shared().readTree(response.body());
        assertThat(document.path("resource").asString()).isEqualTo(identifier);
        assertThat(send("HEAD", WELL_KNOWN + path, host).status()).isEqualTo(200);
        assertThat(send("POST", WELL_KNOWN + path, host, "Content-Length: 0").status())
                .isEqualTo(405);
        assertThat(BACKEND.requests()).isEqualTo(before);
    }

    @Test
    void noHostHasTheDocumentOfAnother() throws IOException {
        // The other host is protected as a whole, this one publishes nothing but its own paths.
        assertThat(send("GET", WELL_KNOWN + "/orders", "mcp.demo.example").status())
                .isEqualTo(401);
        assertThat(send("GET", WELL_KNOWN + "/mcp", "api.demo.example").status())
                .isEqualTo(404);
        assertThat(send("GET", WELL_KNOWN + "/mcp", "evil.example").status()).isEqualTo(404);
    }

    @Test
    void challengesLeadToTheDocumentOfTheirResource() throws IOException {
        assertThat(send("GET", "/echo/a", "api.demo.example").header("www-authenticate"))
                .isEqualTo("Bearer realm=\"gateway\", scope=\"orders:read\", resource_metadata="
                        + "\"https://api.demo.example/.well-known/oauth-protected-resource/orders\"");
        assertThat(send("GET", "/mcp", "mcp.demo.example", "X-Forwarded-Host: evil.example")
                        .header("www-authenticate"))
                .isEqualTo("Bearer realm=\"gateway\", resource_metadata="
                        + "\"https://mcp.demo.example/.well-known/oauth-protected-resource/mcp\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "API.demo.example:81", "api.demo.example.", "mcp.demo.example"})
    void refusesToTakeNamesFromTheHostField(String host) throws IOException {
        Response challenged = send("GET", "/echo/a", host, "Forwarded: host=evil.example");
        Response document = send("GET", WELL_KNOWN + "/orders", host, "X-Forwarded-Host: evil.example");

        assertThat(challenged.headers().toString() + document.headers() + document.body())
                .doesNotContain("evil.example", ":81", "API.", "example./", "\"resource\":\"http:");
    }

    @Test
    void tokensPassWhereTheyAreForOnly() throws IOException {
        String token = "Authorization: Bearer demo-read";

        Response good = send("GET", "/echo/a", "api.demo.example", token);
        Response foreign = send("GET", "/echo/a", "mcp.demo.example", token);
        Response other = send("GET", "/echo/a", "api.demo.example", "Authorization: Bearer demo-other-audience");

        assertThat(good.status()).isEqualTo(200);
        assertThat(good.body()).doesNotContain("demo-read");
        assertThat(foreign.status()).isEqualTo(401);
        assertThat(foreign.header("www-authenticate")).contains("error=\"invalid_token\"", "/mcp\"");
        assertThat(other.status()).isEqualTo(401);
    }
}
