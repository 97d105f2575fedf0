package dev.gatehouse.cli.reload;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.ConfigReader;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.ReadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigChangeTest {
    private static final String BEFORE = """
            http: {port: 0}
            apiEndpoints:
              a: {paths: /a}
              b: {paths: /b}
            serviceEndpoints:
              one: {url: 'http://localhost:1'}
            policies: [proxy]
            pipelines:
              p: {apiEndpoints: [a], policies: [{proxy: {action: {serviceEndpoint: one}}}]}
              q: {apiEndpoints: [b], policies: [{proxy: {action: {serviceEndpoint: one}}}]}
            """;

    @TempDir
    private Path folder;

    @Test
    void doesNotCareWhereSomethingIsWritten() throws IOException {
        ConfigChange change = change(BEFORE, "# moved\n\n" + BEFORE.replace("/a}", "'/a'}"));

        assertThat(change.text()).isEqualTo("no endpoint, service or pipeline differs");
    }

    @Test
    void namesWhatWasAddedChangedAndRemoved() throws IOException {
        ConfigChange change = change(BEFORE, """
            http: {port: 0}
            apiEndpoints:
              a: {paths: /other}
              c: {paths: /c}
            serviceEndpoints:
              one: {url: 'http://localhost:2'}
              two: {url: 'http://localhost:3'}
            policies: [proxy]
            pipelines:
              p: {apiEndpoints: [a, c], policies: [{proxy: {action: {serviceEndpoint: two}}}]}
            """);

        assertThat(change.endpoints()).isEqualTo(new ConfigChange.Names(List.of("c"), List.of("a"), List.of("b")));
        assertThat(change.services()).isEqualTo(new ConfigChange.Names(List.of("two"), List.of("one"), List.of()));
        assertThat(change.pipelines()).isEqualTo(new ConfigChange.Names(List.of(), List.of("p"), List.of("q")));
        assertThat(change.text())
                .isEqualTo("+1 endpoint, ~1 endpoint, -1 endpoint, +1 service, ~1 service, ~1 pipeline, -1 pipeline");
    }

    @Test
    void namesTheSectionsThatWaitForARestart() throws IOException {
        GatewayConfig before = read(BEFORE);
        GatewayConfig after = read(BEFORE + "admin: {port: 1}\nops: {port: 2}\nlog: {access: all}\n"
                + "limits: {maxConnections: 5}\nshutdown: {delay: 3}\n");

        assertThat(ConfigChange.needRestart(before, before)).isEmpty();
        assertThat(ConfigChange.needRestart(before, after)).containsExactly("admin", "ops", "log");
    }

    private ConfigChange change(String before, String after) throws IOException {
        return ConfigChange.between(read(before), read(after));
    }

    private GatewayConfig read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("gateway.config.yml"), text);
        return requireNonNull(ConfigReader.read(file, Map.of(), ReadOptions.of(Set.of("proxy")))
                .config());
    }
}
