package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.resource.ResourceConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The key {@code resource} of an apiEndpoint (RFC 9728). */
final class ProtectedResourcesTest {
    private static final String BEFORE = """
            http: {port: 8080}
            policies: [proxy]
            apiEndpoints:
              tools:
                paths: /mcp
                resource:
            """;

    @TempDir
    Path directory;

    private ConfigReader.Result read(String resource) {
        return CheckedFileFixture.read(directory, BEFORE + resource.indent(6), Map.of());
    }

    private ResourceConfig resource(String text) {
        ConfigReader.Result result = read(text);
        assertThat(result.problems().hasErrors())
                .as(CheckedFileFixture.printed(directory, result.problems()))
                .isFalse();
        GatewayConfig config = Objects.requireNonNull(result.config());
        return Objects.requireNonNull(config.apiEndpoints().get(0).resource());
    }

    private static ResourceConfig named(String identifier) {
        return new ResourceConfig(identifier, null, null, Map.of());
    }

    @Test
    void holdWhatIsWritten() {
        ResourceConfig resource = resource("""
                identifier: https://mcp.example.com/mcp
                authorizationServers: [https://login.example.com, https://login.example.org/realms/a]
                scopesSupported: [tools:read, tools:write, tools:read]
                extra: {resource_name: Tools, nested: {a: [1, 1.5, true, ~]}}
                """);

        assertThat(resource.identifier()).isEqualTo("https://mcp.example.com/mcp");
        assertThat(resource.authorizationServers())
                .containsExactly("https://login.example.com", "https://login.example.org/realms/a");
        assertThat(resource.scopes(List.of("other"))).containsExactly("tools:read", "tools:write");
        assertThat(resource.extra()).containsOnlyKeys("resource_name", "nested");
    }

    @Test
    void leaveWhatIsNotWrittenToThePolicy() {
        ResourceConfig resource = resource("identifier: https://mcp.example.com/mcp");

        assertThat(resource.authorizationServers()).isNull();
        assertThat(resource.scopes(List.of("a", "b", "a"))).containsExactly("a", "b");
        assertThat(resource.extra()).isEmpty();
    }

    @Test
    void hideTheirScopes() {
        assertThat(resource("{identifier: 'https://mcp.example.com', scopesSupported: false}")
                        .scopes(List.of("a")))
                .isEmpty();
    }

    @Test
    void areAbsentWhereNothingIsWritten() {
        GatewayConfig config = CheckedFileFixture.config(directory, "http: {port: 1}\napiEndpoints: {a: {paths: /a}}");

        assertThat(config.apiEndpoints().get(0).resource()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "https://h.example/mcp, https://h.example/.well-known/oauth-protected-resource/mcp",
        "https://h.example/mcp/, https://h.example/.well-known/oauth-protected-resource/mcp/",
        "https://h.example/a/b, https://h.example/.well-known/oauth-protected-resource/a/b",
        "https://h.example:8443/a, https://h.example:8443/.well-known/oauth-protected-resource/a",
        "https://h.example, https://h.example/.well-known/oauth-protected-resource",
        "https://h.example/, https://h.example/.well-known/oauth-protected-resource",
        "https://h.example?t=1, https://h.example/.well-known/oauth-protected-resource?t=1",
        "https://h.example/?t=1, https://h.example/.well-known/oauth-protected-resource?t=1",
        "https://h.example/a?t=%41, https://h.example/.well-known/oauth-protected-resource/a?t=%41"
    })
    void haveTheirDocumentBetweenHostAndPath(String identifier, String expected) {
        assertThat(named(identifier).metadata()).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "https://h.example, https://h.example https://h.example/",
        "https://h.example/, https://h.example/ https://h.example",
        "https://h.example/a, https://h.example/a",
        "https://h.example/a/, https://h.example/a/",
        "https://h.example/?t=1, https://h.example/?t=1"
    })
    void areNamedByTheirTokens(String identifier, String audience) {
        assertThat(named(identifier).audience()).containsExactly(audience.split(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "''",
                "mcp",
                "/mcp",
                "mcp.example.com/mcp",
                "https:///mcp",
                "https://mcp.example.com/mcp#top",
                "https://me@mcp.example.com/mcp",
                "ftp://mcp.example.com/mcp",
                "'urn:example:mcp'",
                "http://mcp.example.com/mcp",
                "http://127.0.0.1.example.com/mcp",
                "http://localhost.example.com",
                "'https://mcp.example.com/a b'",
                "https://mcp.example.com/ä"
            })
    void refusesANameThatIsNoHttpsUrl(String identifier) {
        Problem problem = error("identifier: " + identifier);

        assertThat(problem.code()).isEqualTo("E0203");
        assertThat(problem.path()).isEqualTo("apiEndpoints.tools.resource.identifier");
        assertThat(problem.message()).contains("absolute https URL");
        assertThat(place(problem)).isEqualTo("7:19");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://localhost:8080/mcp", "http://127.0.0.1/mcp", "http://127.1.2.3:1", "http://[::1]:1/"})
    void warnAboutANameForThisMachineOnly(String identifier) {
        assertThat(CheckedFileFixture.places(read("identifier: " + identifier).problems()))
                .contains("W0465@7:19");
    }

    @Test
    void refusesAMissingName() {
        Problem problem = error("extra: {resource_name: Tools}");

        assertThat(problem.code()).isEqualTo("E0201");
        assertThat(problem.path()).isEqualTo("apiEndpoints.tools.resource.identifier");
        assertThat(place(problem)).isEqualTo("6:5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resource",
                "authorization_servers",
                "scopes_supported",
                "bearer_methods_supported",
                "tls_client_certificate_bound_access_tokens",
                "dpop_signing_alg_values_supported",
                "dpop_bound_access_tokens_required",
                "signed_metadata"
            })
    void refusesToReplaceADerivedMember(String member) {
        Problem problem = error("identifier: https://mcp.example.com\nextra:\n  " + member + ": x");

        assertThat(problem.code()).isEqualTo("E0203");
        assertThat(problem.path()).isEqualTo("apiEndpoints.tools.resource.extra");
        assertThat(problem.message()).contains("'" + member + "' is a member that the gateway derives");
        assertThat(Objects.requireNonNull(problem.span()).line()).isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "identifier: {a: b}|13",
                "authorizationServers: {a: b}|23",
                "authorizationServers: login.example.com|23",
                "authorizationServers: 'http://login.example.com'|23",
                "authorizationServers: ['https://login.example.com?a=b']|23",
                "scopesSupported: true|18",
                "scopesSupported: tools|18",
                "scopesSupported: [1]|18",
                "scopesSupported: ['']|18",
                "scopesSupported: ['a b']|18",
                "scopesSupported: {a: b}|18",
                "extra: [a]|8",
                "extra: text|8",
                "extra: {a: .inf}|8",
                "extra: {a: [!!js/regexp /a/]}|8"
            })
    void refusesAValueOfTheWrongKind(String line, int column) {
        String name = line.startsWith("identifier") ? "x-none: 1\n" : "identifier: https://mcp.example.com\n";
        Problem problem = error(name + line);

        assertThat(problem.code()).isIn("E0202", "E0203");
        assertThat(problem.path()).startsWith("apiEndpoints.tools.resource." + line.substring(0, line.indexOf(':')));
        assertThat(Objects.requireNonNull(problem.span()).line()).isEqualTo(8);
        assertThat(Objects.requireNonNull(problem.span()).column()).isEqualTo(column + 6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"identifierz", "authorizationServer", "scopesSuported", "extras"})
    void refusesAMisspeltNameWithASuggestion(String name) {
        Problem problem = error("identifier: https://mcp.example.com\n" + name + ": x");

        assertThat(problem.code()).isEqualTo("E0204");
        assertThat(place(problem)).isEqualTo("8:7");
        assertThat(problem.hints()).anyMatch(hint -> hint.startsWith("did you mean '"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"~", "https://mcp.example.com", "[a]"})
    void refusesWhatIsNoMapping(String value) {
        ConfigReader.Result result = CheckedFileFixture.read(
                directory, "http: {port: 1}\napiEndpoints: {tools: {resource: " + value + "}}", Map.of());

        assertThat(result.problems().all())
                .anyMatch(problem ->
                        problem.code().equals("E0202") && problem.path().equals("apiEndpoints.tools.resource"));
    }

    @Test
    void leaveKeysBesideThemToTheirUsers() {
        String text = "http: {port: 1}\napiEndpoints: {tools: {identifier: 7, extra: x, scopesSupported: 1}}";

        assertThat(CheckedFileFixture.config(directory, text)
                        .apiEndpoints()
                        .get(0)
                        .settings())
                .containsKeys("identifier", "extra", "scopesSupported");
    }

    private Problem error(String resource) {
        List<Problem> errors = read(resource).problems().all().stream()
                .filter(problem -> problem.code().startsWith("E"))
                .toList();
        assertThat(errors).as(Arrays.toString(errors.toArray())).hasSize(1);
        return errors.get(0);
    }

    private static String place(Problem problem) {
        return Objects.requireNonNull(problem.span()).line() + ":"
                + problem.span().column();
    }
}
