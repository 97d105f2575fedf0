package dev.gatehouse.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SecretFilesTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"'a',a", "'a\n',a", "'a\r\n',a", "'a\n\n','a\n'", "' a ',' a '"})
    void removesOneLineEnd(String content, String secret) throws IOException {
        Path file = Files.writeString(directory.resolve("s"), content);

        assertThat(new SecretFiles(directory).read(file.toString())).isEqualTo(secret);
    }

    @Test
    void findsFilesBesideTheConfiguration() throws IOException {
        Files.writeString(directory.resolve("s"), "x");

        assertThat(new SecretFiles(directory).read("s")).isEqualTo("x");
    }

    @Test
    void readsSixtyFourKibibytes() throws IOException {
        Files.writeString(directory.resolve("s"), "x".repeat(64 * 1024));

        assertThat(new SecretFiles(directory).read("s")).hasSize(64 * 1024);
    }

    @Test
    void refusesMoreThanSixtyFourKibibytes() throws IOException {
        Files.writeString(directory.resolve("s"), "x".repeat(64 * 1024 + 1));

        assertThat(new SecretFiles(directory).read("s")).isNull();
    }

    @Test
    void refusesDirectoriesAndWhatIsNotThere() {
        assertThat(new SecretFiles(directory).read(directory.toString())).isNull();
        assertThat(new SecretFiles(directory).read("none")).isNull();
        assertThat(new SecretFiles(directory).read("a\u0000b")).isNull();
    }
}
