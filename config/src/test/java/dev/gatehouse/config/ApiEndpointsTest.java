package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The section apiEndpoints in all the ways in which it may be written. */
final class ApiEndpointsTest {
    private static final String HTTP = "http: {port: 8080}\npolicies: [proxy, log, terminate, headers]\n";

    @TempDir
    Path directory;

    private ApiEndpointConfig endpoint(String settings) {
        return config(HTTP + "apiEndpoints:\n  api: " + settings).apiEndpoints().get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "~", "{host: '', paths: '', methods: '*'}", "{paths: [], host: ~, path: ''}"})
    void matchEverythingWithoutSettings(String settings) {
        ApiEndpointConfig endpoint = endpoint(settings);

        assertThat(endpoint.name()).isEqualTo("api");
        assertThat(endpoint.host()).isEqualTo("*");
        assertThat(endpoint.paths()).containsExactly("*");
        assertThat(endpoint.methods()).isNull();
        assertThat(endpoint.scopes()).isEmpty();
        assertThat(endpoint.hostRegex()).isNull();
        assertThat(endpoint.pathRegex()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{paths: /a}|/a",
                "{paths: [/a, /b]}|/a /b",
                "{path: /a}|/a",
                "{path: [/a, /b]}|/a /b",
                "{paths: /a, path: /b}|/a",
                "{paths: [], path: /b}|/b",
                "{paths: '/x,/y'}|/x,/y"
            })
    void takePathsBeforePath(String settings, String paths) {
        assertThat(endpoint(settings).paths()).containsExactly(paths.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"GET|GET", "\"POST, put,\"|POST PUT", "[get, Post]|GET POST", "M-SEARCH|M-SEARCH", "[POST]|POST"})
    void listMethods(String methods, String expected) {
        assertThat(endpoint("{methods: " + methods + "}").methods()).containsExactly(expected.split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'*'", "''", "~", "all", "['*']", "[ALL]", "[GET, all]", "','"})
    void allowEveryMethod(String methods) {
        assertThat(endpoint("{methods: " + methods + "}").methods()).isNull();
    }

    @Test
    void allowNoMethodInAnEmptyList() {
        assertThat(endpoint("{methods: []}").methods()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GETT", "[GET, ~]", "[[GET]]", "{GET: 1}", "'GET;POST'", "['GET,POST']"})
    void refusesUnknownMethods(String methods) {
        assertThat(read(HTTP + "apiEndpoints: {api: {methods: " + methods + "}}")
                        .problems()
                        .hasErrors())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "~", "''", "[a, a]", "['']", "[[a]]", "{a: 1}", "[a, {b: c}]"})
    void refusesScopesThatAreNoListOfDifferentWords(String scopes) {
        assertThat(read(HTTP + "apiEndpoints: {api: {scopes: " + scopes + "}}")
                        .problems()
                        .hasErrors())
                .isTrue();
    }

    @Test
    void keepScopesAndPatterns() {
        ApiEndpointConfig endpoint = endpoint("{scopes: [a, b], hostRegex: '^x$', pathRegex: '^/y', host: h}");

        assertThat(endpoint.scopes()).containsExactly("a", "b");
        assertThat(endpoint.hostRegex()).isEqualTo("^x$");
        assertThat(endpoint.pathRegex()).isEqualTo("^/y");
        assertThat(endpoint.host()).isEqualTo("h");
    }

    @Test
    void keepEverythingForExpressions() {
        assertThat(endpoint("{paths: [/a], team: {name: x}, list: [1, ~]}").settings())
                .isEqualTo(
                        Map.of("paths", List.of("/a"), "team", Map.of("name", "x"), "list", Arrays.asList(1L, null)));
    }

    @Test
    void comeInSeveralEntries() {
        List<ApiEndpointConfig> endpoints = config(
                        HTTP + "apiEndpoints:\n  a:\n    - paths: /1\n    - {paths: /2}\n    -\n  b: {}")
                .apiEndpoints();

        assertThat(endpoints).extracting(ApiEndpointConfig::name).containsExactly("a", "a", "a", "b");
        assertThat(endpoints)
                .extracting(ApiEndpointConfig::paths)
                .containsExactly(List.of("/1"), List.of("/2"), List.of("*"), List.of("*"));
        assertThat(endpoints).extracting(endpoint -> endpoint.span().line()).containsExactly(5, 6, 7, 8);
    }

    @Test
    void mayBeNamedInTheSingular() {
        assertThat(config(HTTP + "apiEndpoint: {a: {}}").apiEndpoints()).hasSize(1);
        assertThat(config(HTTP + "apiEndpoint: {a: {}}\napiEndpoints: {b: {}}").apiEndpoints())
                .extracting(ApiEndpointConfig::name)
                .containsExactly("b");
    }

    @Test
    void mayBeAbsent() {
        assertThat(config(HTTP + "apiEndpoints:\nserviceEndpoints:\npipelines:").apiEndpoints())
                .isEmpty();
    }

    private ConfigReader.Result read(String text) {
        return CheckedFileFixture.read(directory, text, Map.of());
    }

    private GatewayConfig config(String text) {
        return CheckedFileFixture.config(directory, text);
    }
}
