package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sample files that ship with the product. */
final class SampleFilesTest {
    private static final Path SAMPLES = Path.of("src/main/resources/samples");

    @TempDir
    Path directory;

    static Stream<Path> samples() throws IOException {
        try (Stream<Path> files = Files.list(SAMPLES)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void hasNoProblemsEvenWhenWarningsAreErrors(Path sample) throws IOException {
        ConfigReader.Result result = CheckedFileFixture.read(
                directory, Files.readAllBytes(sample), Map.of(), CheckedFileFixture.options(true, false));

        assertThat(CheckedFileFixture.printed(directory, result.problems())).isEmpty();
        assertThat(result.config()).isNotNull();
    }

    @Test
    void protectsOneApiInFifteenLines() throws IOException {
        assertThat(Files.readAllLines(SAMPLES.resolve("minimal.config.yml"))).hasSizeLessThanOrEqualTo(15);
    }
}
