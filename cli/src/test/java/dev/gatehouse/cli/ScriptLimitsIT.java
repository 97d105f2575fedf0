package dev.gatehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scripts that throw, run for ever or take all memory, in a gateway with a small heap: each costs its own request and
 * no other.
 */
final class ScriptLimitsIT {
    private static final Map<String, String> FAULTS = new LinkedHashMap<>();
    private static final Map<String, String> PLACES = new LinkedHashMap<>();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    static {
        FAULTS.put("throw", "throw new Error('secret-cause')");
        FAULTS.put("loop", "while (true) {}");
        FAULTS.put("caught-loop", "try { for (;;); } catch (e) {} finally { for (;;); }");
        FAULTS.put("recursion", "(function f() { f() })()");
        FAULTS.put("regex", "/(a+)+$/.test('a'.repeat(60) + '!')");
        FAULTS.put("list", "var a = []; for (;;) a.push('x'.repeat(1000000))");
        FAULTS.put("doubled-list", "var a = [1]; for (;;) a = a.concat(a)");
        FAULTS.put("doubled-text", "var s = 'x'; for (var i = 0; i < 40; i++) s += s; s.trim()");
        FAULTS.put("doubled-text-28", "var s = 'x'; for (var i = 0; i < 28; i++) s += s; s.trim()");
        PLACES.put("condition", "terminate: [{condition: {name: expression, expression: \"SCRIPT\"}, action: {}}]");
        PLACES.put("headers", "headers: [{action: {forwardHeaders: {x-a: \"SCRIPT\"}}}]");
        PLACES.put("expression", "expression: [{action: {jscode: \"SCRIPT\"}}]");
        PLACES.put("log", "log: [{action: {message: \"${(function () { SCRIPT })()}\"}}]");
    }

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before all tests.
    private static Path folder;

    private static @Nullable GatewayJarFixture gateway;
    private static int port;

    @BeforeAll
    static void startGateway() throws IOException {
        StringBuilder endpoints = new StringBuilder("apiEndpoints:\n  fine: {paths: /fine}\n");
        StringBuilder pipelines = new StringBuilder("pipelines:\n")
                .append(pipeline("fine", "log: [{action: {message:" + " \"served ${requestID}\"}}]"));
        PLACES.forEach((place, step) -> FAULTS.forEach((fault, script) -> {
            String name = place + '-' + fault;
            endpoints
                    .append("  ")
                    .append(name)
                    .append(": {paths: /")
                    .append(name)
                    .append("}\n");
            pipelines.append(pipeline(name, step.replace("SCRIPT", script)));
        }));
        String text = "http: {port: 0}\n" + endpoints + "policies: [terminate, headers, expression, log]\n" + pipelines;
        Path file = Files.writeString(folder.resolve("gateway.config.yml"), text);
        gateway = GatewayJarFixture.start(folder, Map.of(), "run", "--config", file.toString());
        port = gateway.port("http");
    }

    private static String pipeline(String name, String step) {
        return "  " + name + ":\n    apiEndpoints: [" + name + "]\n    policies:\n      - " + step
                + "\n      - terminate: [{action: {statusCode: 200, message: passed}}]\n";
    }

    @AfterAll
    static void stopGateway() {
        if (gateway != null) {
            gateway.close();
        }
    }

    static Stream<Arguments> faults() {
        return PLACES.keySet().stream()
                .flatMap(place -> FAULTS.keySet().stream().map(fault -> arguments(place, fault)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void refusesOneRequestAndServesTheOthers(String place, String fault) throws Exception {
        List<CompletableFuture<HttpResponse<String>>> bad = new ArrayList<>();
        List<CompletableFuture<HttpResponse<String>>> good = new ArrayList<>();

        for (int i = 0; i < 3; i++) {
            bad.add(send('/' + place + '-' + fault));
            good.add(send("/fine"));
        }

        for (CompletableFuture<HttpResponse<String>> answer : bad) {
            // A message that cannot be built does not disturb the request.
            boolean isLog = place.equals("log");
            assertThat(answer.get().statusCode()).isEqualTo(isLog ? 200 : 500);
            assertThat(answer.get().body()).isEqualTo(isLog ? "passed" : "Internal Server Error");
        }
        for (CompletableFuture<HttpResponse<String>> answer : good) {
            assertThat(answer.get().statusCode()).isEqualTo(200);
        }
        assertThat(send("/fine").get().body()).isEqualTo("passed");
    }

    private static CompletableFuture<HttpResponse<String>> send(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20))
                .build();
        return CLIENT.sendAsync(request, BodyHandlers.ofString(UTF_8));
    }

    @Test
    void writesLogLinesWithTheRequestIdAndNoCause() throws Exception {
        assertThat(send("/fine").get().statusCode()).isEqualTo(200);
        assertThat(send("/log-throw").get().statusCode()).isEqualTo(200);

        GatewayJarFixture running = requireNonNull(gateway);
        // A variable of that name would be set in place of it; there is none.
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(running.everything())
                        .containsPattern("\\[EG:log-policy\\] served [0-9A-Za-z]{22}\"")
                        .contains("[EG:log-policy] failed to build log message: "));
        assertThat(running.everything()).doesNotContain("secret-cause");
    }
}
