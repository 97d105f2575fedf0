package dev.gatehouse.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.LogConfig;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.metrics.AccessOptions;
import dev.gatehouse.runtime.build.RuntimeFixture;
import dev.gatehouse.server.RawClient;
import dev.gatehouse.server.RawClient.Response;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Published documents as clients see them. */
@Timeout(60)
final class DocumentsIT {
    private static final String TARGET = "/.well-known/oauth-protected-resource/mcp";

    @TempDir
    private Path folder;

    private RuntimeFixture fixture;
    private AccessLog log;
    private Gateway gateway;
    private RawClient client;

    @BeforeEach
    void start() throws IOException, StartFailure {
        fixture = new RuntimeFixture(folder);
        log = AccessLog.open(
                new AccessOptions(LogConfig.Access.OFF, true, false, false, ""),
                lines -> {},
                new SimpleMeterRegistry());
        Problems problems = new Problems();
        gateway = Objects.requireNonNull(
                Gateway.build(fixture.read(text("first"), problems), problems, fixture.catalog, fixture.options()),
                () -> problems.all().toString());
        client = new RawClient(gateway.start(log).get(0).address().getPort());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        gateway.close();
        log.close();
    }

    /** An endpoint for everything on its host answers what is not the document. */
    private static String text(String document) {
        return """
                http: {port: 0, hostname: 127.0.0.1}
                policies: [publish, answer]
                apiEndpoints:
                  tools: {host: tools.example, paths: '/*', resource: {identifier: 'https://tools.example/mcp'}}
                  other: {host: other.example, paths: '/*'}
                pipelines:
                  one:
                    apiEndpoints: [tools]
                    policies:
                      - publish: {action: {text: '%s'}}
                      - answer: {action: {text: the api}}
                  two: {apiEndpoints: [other], policies: [{answer: {action: {text: another api}}}]}
                """.formatted(document);
    }

    private Response send(String method, String target, String host, String... lines) throws IOException {
        StringBuilder request = new StringBuilder(method + ' ' + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
        for (String line : lines) {
            request.append(line).append("\r\n");
        }
        return client.send(request.append("\r\n").toString()).read(method.equals("HEAD"));
    }

    private Response get(String host) throws IOException {
        return send("GET", TARGET, host);
    }

    @Test
    void areReadByEverybody() throws IOException {
        Response response = send("GET", TARGET, "tools.example", "Origin: https://page.example");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("first");
        assertThat(response.header("content-type")).isEqualTo("application/json");
        assertThat(response.header("cache-control")).isEqualTo("max-age=3600");
        assertThat(response.header("access-control-allow-origin")).isEqualTo("*");
    }

    @Test
    void haveAHeadToo() throws IOException {
        Response response = send("HEAD", TARGET, "tools.example");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("content-length")).isEqualTo("5");
        assertThat(response.header("content-type")).isEqualTo("application/json");
        assertThat(get("tools.example").body()).isEqualTo("first");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"})
    void refusesOtherMethods(String method) throws IOException {
        Response response = send(method, TARGET, "tools.example", "Content-Length: 0");

        assertThat(response.status()).isEqualTo(405);
        assertThat(response.header("allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void answerPreflights() throws IOException {
        Response response = send(
                "OPTIONS",
                TARGET,
                "tools.example",
                "Origin: https://page.example",
                "Access-Control-Request-Method: GET",
                "Access-Control-Request-Headers: mcp-protocol-version");

        assertThat(response.status()).isEqualTo(204);
        assertThat(response.header("access-control-allow-origin")).isEqualTo("*");
        assertThat(response.header("access-control-allow-methods")).isEqualTo("GET, HEAD");
        assertThat(response.header("access-control-allow-headers")).isEqualTo("*");
        assertThat(response.header("content-type")).isNull();
    }

    @Test
    void areNotOnOtherHosts() throws IOException {
        assertThat(get("other.example").body()).isEqualTo("another api");
        assertThat(get("evil.example").status()).isEqualTo(404);
        assertThat(send("GET", "http://tools.example" + TARGET, "tools.example").body())
                .isEqualTo("first");
    }

    @Test
    void refusesATargetWithAnotherAuthority() throws IOException {
        assertThat(send("GET", "http://tools.example" + TARGET, "other.example").status())
                .isEqualTo(400);
    }

    @Test
    void refusesATargetWithADotSegment() throws IOException {
        assertThat(send("GET", "/.well-known/x/../oauth-protected-resource/mcp", "tools.example")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void leaveEverythingElseToTheEndpoints() throws IOException {
        assertThat(send("GET", "/.well-known/oauth-protected-resource", "tools.example")
                        .body())
                .isEqualTo("the api");
        assertThat(send("GET", TARGET + "/more", "tools.example").body()).isEqualTo("the api");
        assertThat(send("GET", "/mcp", "tools.example").body()).isEqualTo("the api");
    }

    @Test
    void changeWithTheConfiguration() throws IOException {
        Problems problems = new Problems();

        assertThat(gateway.reload(fixture.read(text("second"), problems), problems))
                .isNotNull();

        assertThat(get("tools.example").body()).isEqualTo("second");
    }
}
