package dev.gatehouse.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.gatehouse.cli.run.Prepared;
import dev.gatehouse.config.LogConfig.Access;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.metrics.AccessOptions;
import dev.gatehouse.policy.ConditionFactory;
import dev.gatehouse.policy.PolicyFactory;
import dev.gatehouse.runtime.Gateway;
import dev.gatehouse.transport.Transport;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Starts every example beside the demo's servers, sends the requests of its comment and looks for what that promises. */
final class ExamplesIT {
    private static final Path FOLDER = requireNonNull(
                    Path.of("").toAbsolutePath().getParent(), "project folder")
            .resolve("config/examples");
    private static final Ports PORTS = new Ports(Transport.detect());
    private static final Backend BACKEND = Backend.open(PORTS, 0);
    private static final AuthorizationServer AUTHORIZATION_SERVER = AuthorizationServer.open(PORTS, 0);
    private static final Map<String, String> ENVIRONMENT =
            Map.of("PORT", "0", "BACKEND", BACKEND.url(), "INTROSPECT", AUTHORIZATION_SERVER.url() + "/introspect");

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    @AfterAll
    static void stopServers() {
        BACKEND.close();
        AUTHORIZATION_SERVER.close();
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".yml"))
                    .sorted()
                    .toList();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyExampleDoesWhatItsCommentSays() throws IOException {
        return files().stream().map(file -> dynamicTest(String.valueOf(file.getFileName()), () -> play(file)));
    }

    @Test
    void everyPolicyAndConditionHasAnExample() throws IOException {
        Set<String> names = files().stream()
                .map(file -> String.valueOf(file.getFileName()).replace(".yml", ""))
                .collect(Collectors.toCollection(TreeSet::new));

        for (PolicyFactory<?> policy : ServiceLoader.load(PolicyFactory.class)) {
            assertThat(names).contains(policy.name());
        }
        for (ConditionFactory<?> condition : ServiceLoader.load(ConditionFactory.class)) {
            assertThat(names).contains("condition-" + condition.name());
        }
    }

    private void play(Path file) throws Exception {
        List<ExampleRequest> requests = ExampleRequest.in(Files.readString(file));
        assertThat(requests).as("requests in the comment").isNotEmpty();
        Prepared prepared = Prepared.of(new Prepared.Source(file, ENVIRONMENT, false, false, null));
        assertThat(prepared.problems().hasErrors())
                .as("%s", prepared.problems().all())
                .isFalse();
        Gateway gateway = requireNonNull(prepared.gateway(), "gateway");
        try (AccessLog quiet =
                AccessLog.open(new AccessOptions(Access.OFF, false, true, true, ""), bytes -> {}, prepared.meters())) {
            int port = gateway.start(quiet).get(0).address().getPort();
            for (ExampleRequest request : requests) {
                assertAnswers(request, port);
            }
        } finally {
            prepared.close();
        }
    }

    private void assertAnswers(ExampleRequest request, int port) throws IOException, InterruptedException {
        int before = BACKEND.requests();
        HttpResponse<byte[]> answer = client.send(request.toPort(port), BodyHandlers.ofByteArray());
        String body = new String(answer.body(), UTF_8);
        String seen = request.command() + "\n" + answer + " " + answer.headers().map() + "\n" + body;
        List<String> expectations = request.expectations();
        assertThat(expectations).as("a status at least: %s", seen).isNotEmpty();
        assertThat(answer.statusCode()).as(seen).isEqualTo(Integer.parseInt(expectations.get(0)));
        for (String expected : expectations.subList(1, expectations.size())) {
            if (expected.equals("service gets nothing")) {
                assertThat(BACKEND.requests()).as(seen).isEqualTo(before);
            } else if (expected.startsWith("service gets ")) {
                throw new AssertionError("write 'service gets: ' or 'service gets nothing': " + expected);
            } else if (expected.startsWith("service gets: ")) {
                assertReceived(expected.substring("service gets: ".length()), body, seen);
            } else if (expected.startsWith("body: ")) {
                assertThat(body).as(seen).contains(expected.substring("body: ".length()));
            } else if (expected.startsWith("no ")) {
                assertThat(answer.headers().firstValue(expected.substring(3)))
                        .as(seen)
                        .isEmpty();
            } else {
                String[] field = expected.split(": *", 2);
                assertThat(String.join(", ", answer.headers().allValues(field[0])))
                        .as(seen)
                        .isEqualTo(field[1]);
            }
        }
    }

    /** The echo tells method, target, fields and body. */
    private static void assertReceived(String expected, String body, String seen) {
        JsonNode echo = JsonMapper.shared().readTree(body);
        String line = echo.path("method").asString() + ' ' + echo.path("target").asString();
        if (expected.startsWith("no ")) {
            assertThat(echo.path("headers").has(expected.substring(3))).as(seen).isFalse();
        } else if (expected.startsWith("body ")) {
            assertThat(echo.path("body").asString()).as(seen).isEqualTo(expected.substring(5));
        } else if (expected.contains(": ")) {
            String[] field = expected.split(": *", 2);
            assertThat(echo.path("headers").path(field[0]).asString()).as(seen).isEqualTo(field[1]);
        } else {
            assertThat(line).as(seen).isEqualTo(expected);
        }
    }
}
