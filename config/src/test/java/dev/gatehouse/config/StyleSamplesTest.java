package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The messages that are promised byte for byte, and the example that everybody pastes. */
final class StyleSamplesTest {
    private static final Path FILES = Path.of("src/test/resources/style");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "misspelt-option",
                "wrong-level",
                "unknown-service",
                "tab",
                "unset-variable",
                "documented-example",
                "documented-example-without-comma"
            })
    void printsThePromisedText(String name) throws IOException {
        String text = Files.readString(FILES.resolve(name + ".yml"));

        ConfigReader.Result result =
                CheckedFileFixture.read(directory, text, Map.of("INTROSPECT_AUTH", "Basic YXBpMTpzZWNyZXQ="));

        String printed = CheckedFileFixture.printed(directory, result.problems());
        assertThat(printed + (printed.isEmpty() ? "" : "\n")).isEqualTo(Files.readString(FILES.resolve(name + ".txt")));
    }
}
