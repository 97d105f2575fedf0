package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EnvFileTest {
    @TempDir
    Path directory;

    @Test
    void readsPlainQuotedAndExportedLines() throws Exception {
        Files.writeString(directory.resolve("a.env"), """
            # comment
            PLAIN=a=b c

            QUOTED="x y"
            SINGLE='z'
            export EXPORTED=1
            EMPTY=
            """);

        assertThat(EnvFile.overlay(List.of(Path.of("a.env")), Map.of(), directory))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("PLAIN", "a=b c", "QUOTED", "x y", "SINGLE", "z", "EXPORTED", "1", "EMPTY", ""));
    }

    @Test
    void laterFilesWinAndTheProcessWinsOverAll() throws Exception {
        Files.writeString(directory.resolve("a.env"), "A=1\nB=1\nC=1\n");
        Files.writeString(directory.resolve("b.env"), "B=2\nC=2\n");

        assertThat(EnvFile.overlay(List.of(Path.of("a.env"), Path.of("b.env")), Map.of("C", "3"), directory))
                .containsExactlyInAnyOrderEntriesOf(Map.of("A", "1", "B", "2", "C", "3"));
    }

    @Test
    void refusesLinesWithoutAName() throws IOException {
        Files.writeString(directory.resolve("a.env"), "A=1\n=secret\n");

        assertThatThrownBy(() -> EnvFile.overlay(List.of(Path.of("a.env")), Map.of(), directory))
                .isInstanceOf(EnvFile.Malformed.class)
                .hasMessageContaining("a.env:2")
                .hasMessageNotContaining("secret");
    }

    @Test
    void refusesAMissingFile() {
        assertThatThrownBy(() -> EnvFile.overlay(List.of(Path.of("none.env")), Map.of(), directory))
                .isInstanceOf(NoSuchFileException.class);
    }
}
