package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigFileTest {
    @TempDir
    Path directory;

    private void write(String name) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
    }

    private String found(@Nullable String named, Map<String, String> environment) {
        Path file = ConfigFile.find(named == null ? null : Path.of(named), environment, directory)
                .file();
        return file == null ? "none" : directory.relativize(file).toString();
    }

    @Test
    void prefersTheDirectoryOfExpressGateway() throws IOException {
        write("gateway.config.yml");
        write("eg/gateway.config.json");
        assertThat(found(null, Map.of("EG_CONFIG_DIR", "eg"))).isEqualTo("eg/gateway.config.json");

        write("eg/gateway.config.yml");
        assertThat(found(null, Map.of("EG_CONFIG_DIR", "eg"))).isEqualTo("eg/gateway.config.yml");
    }

    @Test
    void fallsBackToTheWorkingDirectoryAndItsConfig() throws IOException {
        assertThat(found(null, Map.of())).isEqualTo("none");

        write("config/gateway.config.yml");
        assertThat(found(null, Map.of("EG_CONFIG_DIR", ""))).isEqualTo("config/gateway.config.yml");

        write("gateway.config.yml");
        assertThat(found(null, Map.of("EG_CONFIG_DIR", "missing"))).isEqualTo("gateway.config.yml");
    }

    @Test
    void looksNowhereElseThanAtTheNamedFile() throws IOException {
        write("gateway.config.yml");
        write("named/gateway.config.json");

        assertThat(found("other.yml", Map.of())).isEqualTo("none");
        assertThat(found("named", Map.of())).isEqualTo("named/gateway.config.json");
        assertThat(found("named/gateway.config.json", Map.of())).isEqualTo("named/gateway.config.json");
    }
}
