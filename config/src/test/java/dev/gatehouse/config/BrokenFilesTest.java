package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files with mistakes that people make: the code, the place and every word of what they are told. */
final class BrokenFilesTest {
    private static final Path FILES = Path.of("src/test/resources/problems");
    private static final Map<String, String> ENVIRONMENT =
            Map.of("PORT_WORD", "80a", "HOST", "bad host", "LIST", "[proxy, log");

    @TempDir
    Path directory;

    static Stream<List<String>> files() throws IOException {
        return Files.readAllLines(FILES.resolve("expected.places")).stream()
                .map(line -> Arrays.asList(line.split(" ")));
    }

    @ParameterizedTest
    @MethodSource("files")
    void pointsAtTheMistake(List<String> row) throws IOException {
        List<String> places = CheckedFileFixture.places(check(row.get(0)).problems());

        assertThat(places).as(row.get(0)).isEqualTo(row.subList(1, row.size()));
    }

    @ParameterizedTest
    @MethodSource("files")
    void saysWhatIsWrongInTheExactWords(List<String> row) throws IOException {
        Path golden = FILES.resolve(row.get(0) + ".txt");

        String printed = CheckedFileFixture.printed(directory, check(row.get(0)).problems()) + "\n";

        assertThat(printed).isEqualTo(Files.readString(golden, StandardCharsets.UTF_8));
        assertThat(printed).doesNotContain("Exception", "\tat ", "org.yaml", "YXBpMTpzZWNyZXQ", "hunter2");
        assertThat(printed.lines()).noneMatch(line -> line.endsWith(" "));
    }

    @Test
    void hasAGoldenFileForEachFileAndNoOthers() throws IOException {
        List<String> names = files().map(row -> row.get(0)).sorted().toList();

        assertThat(names).hasSizeGreaterThanOrEqualTo(60);
        assertThat(list(".yml")).isEqualTo(names);
        assertThat(list(".txt")).isEqualTo(names);
    }

    private static List<String> list(String ending) throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .map(name -> name.substring(0, name.length() - ending.length()))
                    .sorted()
                    .toList();
        }
    }

    private ConfigReader.Result check(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(FILES.resolve(name + ".yml"));
        return CheckedFileFixture.read(directory, bytes, ENVIRONMENT, CheckedFileFixture.options(false, false));
    }
}
