package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The section serviceEndpoints. */
final class ServiceEndpointsTest {
    private static final String HTTP = "http: {port: 8080}\npolicies: [proxy, log, terminate, headers]\n";

    @TempDir
    Path directory;

    @Test
    void haveOneUrlOrMany() {
        List<ServiceEndpointConfig> services = config(HTTP
                        + "serviceEndpoints:\n  a: {url: 'http://h:1/p?k=v'}\n  b: {urls: ['HTTPS://h', 'http://[::1]:2']}\n"
                        + "  c: {urls: 'http://h'}")
                .serviceEndpoints();

        assertThat(services).extracting(ServiceEndpointConfig::name).containsExactly("a", "b", "c");
        assertThat(services)
                .extracting(ServiceEndpointConfig::urls)
                .containsExactly(
                        List.of(URI.create("http://h:1/p?k=v")),
                        List.of(URI.create("HTTPS://h"), URI.create("http://[::1]:2")),
                        List.of(URI.create("http://h")));
    }

    @Test
    void keepTheirProxyOptions() {
        ServiceEndpointConfig service = config(
                        HTTP + "serviceEndpoints: {a: {url: 'http://h', proxyOptions: {xfwd: true}}}")
                .serviceEndpoints()
                .get(0);

        assertThat(Objects.requireNonNull(service.proxyOptions()).get("xfwd")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "{}",
                "{url: ~}",
                "{url: 'http://a', urls: ['http://b']}",
                "{url: ''}",
                "{url: localhost}",
                "{url: 'localhost:21020'}",
                "{url: 'ftp://h'}",
                "{url: 'http://'}",
                "{url: 'http://a b'}",
                "{url: ['http://a']}",
                "{urls: []}",
                "{urls: [x]}",
                "{urls: ['http://a', 5]}",
                "{url: 'http://h', proxyOptions: x}",
                "{url: '/path'}"
            })
    void refusesOtherUrls(String service) {
        assertThat(read(HTTP + "serviceEndpoints:\n  a: " + service).problems().hasErrors())
                .isTrue();
    }

    private ConfigReader.Result read(String text) {
        return CheckedFileFixture.read(directory, text, Map.of());
    }

    private GatewayConfig config(String text) {
        return CheckedFileFixture.config(directory, text);
    }
}
