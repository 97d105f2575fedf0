package dev.gatehouse.servers.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.servers.FreePort;
import dev.gatehouse.servers.GatewayProcess;
import dev.gatehouse.servers.NodeModules;
import dev.gatehouse.servers.RunningProgram;
import dev.gatehouse.servers.Workspace;
import dev.gatehouse.servers.authorization.AuthorizationServer.ClientCredentials;
import dev.gatehouse.servers.authorization.NodeProvider;
import dev.gatehouse.tls.PemFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of the MCP SDK that knows nothing but a URL and its own credentials uses a tool of an SDK server behind the
 * gateway, with a token of node-oidc-provider.
 */
@Timeout(120)
final class McpIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();

    private final int port = FreePort.next();
    private final String url = "http://127.0.0.1:" + port + "/mcp";
    private final String metadata = "http://127.0.0.1:" + port + "/.well-known/oauth-protected-resource/mcp";
    private NodeProvider provider;
    private RunningProgram tools;
    private GatewayProcess gateway;

    @BeforeEach
    void start() {
        provider = NodeProvider.process(new PemFixture(Workspace.folder("certificates")));
        Path scripts = NodeModules.install("mcp-server.mjs", "mcp-client.mjs");
        tools = node("mcp-server", scripts.resolve("mcp-server.mjs"));
        String listening = tools.awaitLine("listening on ", PATIENCE);
        String backend = "http://127.0.0.1:" + listening.substring(listening.lastIndexOf(' ') + 1);
        gateway = GatewayProcess.start(config(backend), provider.marks(), Map.of());
    }

    @AfterEach
    void stop() {
        try {
            // Fails when a token or a secret is in its output.
            gateway.close();
        } finally {
            tools.close();
            provider.close();
        }
    }

    private String config(String backend) {
        ClientCredentials gateway = provider.gateway();
        return """
                http: {port: %d, hostname: 127.0.0.1}
                log: {access: all}
                apiEndpoints:
                  tools:
                    host: 127.0.0.1
                    paths: [/mcp]
                    scopes: ['orders:read']
                    resource: {identifier: '%s'}
                serviceEndpoints: {tools: {url: '%s'}}
                policies: [oauth2-introspect, proxy]
                pipelines:
                  tools:
                    apiEndpoints: [tools]
                    policies:
                      - oauth2-introspect:
                          - action:
                              endpoint: %s
                              clientAuth: {method: client_secret_basic, clientId: %s, clientSecret: %s}
                              tokenSources: [header]
                              forwardToken: none
                              claims: {issuer: '%s'}
                      - proxy: [{action: {serviceEndpoint: tools}}]
                """.formatted(
                        port,
                        url,
                        backend,
                        provider.introspectionEndpoint(),
                        gateway.id(),
                        gateway.secret(),
                        provider.issuer());
    }

    private static RunningProgram node(String name, Path script, String... arguments) {
        List<String> command = new ArrayList<>(List.of("node", script.toString()));
        command.addAll(List.of(arguments));
        return RunningProgram.start(name, Workspace.folder(name), Map.of(), command);
    }

    /** Runs the client to its end; gives what happened. */
    private JsonNode runClient(Map<String, String> more) throws IOException {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("url", url);
        settings.put("issuer", provider.issuer().toString());
        settings.put("clientId", provider.app().id());
        settings.put("clientSecret", provider.app().secret());
        settings.put("scope", "orders:read");
        Path file = Files.writeString(
                Workspace.folder("mcp-settings").resolve("settings.json"), JSON.writeValueAsString(settings));
        Path script = NodeModules.install("mcp-client.mjs").resolve("mcp-client.mjs");
        try (RunningProgram client = node("mcp-client", script, file.toString())) {
            assertThat(client.awaitExit(PATIENCE)).as(client.output()).isZero();
            List<String> lines = client.lines();
            JsonNode result = JSON.readTree(lines.get(lines.size() - 1));
            String token = result.path("token").asString();
            assertThat(token).as(client.output()).isNotEmpty();
            provider.marks().add(token);
            return result;
        }
    }

    private static List<String> lines(JsonNode result) {
        return result.path("requests")
                .valueStream()
                .map(request -> request.path("method").asString()
                        + ' '
                        + request.path("url").asString()
                        + ' '
                        + request.path("status").asInt())
                .toList();
    }

    @Test
    void discoversWhereToGetATokenAndUsesATool() throws IOException {
        JsonNode result = runClient(Map.of());

        assertThat(result.path("error").asString()).isEmpty();
        assertThat(result.path("tools").toString()).isEqualTo("[\"add\"]");
        assertThat(result.path("answer").path("sum").asInt()).isEqualTo(42);
        assertThat(result.path("answer").path("authorization").asString())
                .as("the token stays at the gateway")
                .isEmpty();
        assertThat(result.path("answer").path("protocol").asString()).matches("\\d{4}-\\d\\d-\\d\\d");
        List<String> lines = lines(result);
        assertThat(lines)
                .containsSubsequence(
                        "POST " + url + " 401",
                        "GET " + metadata + " 200",
                        "POST " + provider.tokenEndpoint() + " 200",
                        "POST " + url + " 200",
                        "POST " + url + " 202",
                        "POST " + url + " 200",
                        "DELETE " + url + " 200");
        assertThat(lines.get(0)).startsWith("POST");
        assertThat(result.path("requests").get(0).path("challenge").asString())
                .isEqualTo("Bearer realm=\"gateway\", scope=\"orders:read\", resource_metadata=\"" + metadata + '"');
    }

    @Test
    void keepsAnEventStreamOpenForTheServer() throws IOException {
        JsonNode result = runClient(Map.of());

        assertThat(result.path("notice").asString()).isEqualTo("an addition");
        JsonNode stream = result.path("requests")
                .valueStream()
                .filter(request -> request.path("method").asString().equals("GET")
                        && request.path("url").asString().equals(url))
                .findFirst()
                .orElseThrow();
        assertThat(stream.path("status").asInt()).isEqualTo(200);
        assertThat(stream.path("type").asString()).startsWith("text/event-stream");
        assertThat(stream.path("accept").asString()).isEqualTo("text/event-stream");
        assertThat(stream.path("scheme").asString()).isEqualTo("Bearer");
        assertThat(stream.path("protocol").asString()).isNotEmpty();
    }

    @Test
    void refusesATokenForAnotherAudience() throws IOException {
        JsonNode result = runClient(Map.of("resource", "https://other.example.com/mcp"));

        List<String> lines = lines(result);
        assertThat(lines).containsSubsequence("POST " + url + " 401", "POST " + provider.tokenEndpoint() + " 200");
        assertThat(lines.get(lines.size() - 1)).isEqualTo("POST " + url + " 401");
        JsonNode last = result.path("requests").get(lines.size() - 1);
        assertThat(last.path("scheme").asString()).isEqualTo("Bearer");
        assertThat(last.path("challenge").asString())
                .contains("error=\"invalid_token\"", "resource_metadata=\"" + metadata + '"');
        assertThat(result.path("error").asString()).contains("401");
        assertThat(result.path("tools").toString()).isEqualTo("[]");
        assertThat(tools.isAlive()).isTrue();
    }
}
