package dev.gatehouse.cli.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentsTest {
    @TempDir
    private Path folder;

    @Test
    void dependOnWhatAFileHoldsOnly() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "one");
        Contents before = Contents.of(Set.of(file));

        Files.writeString(folder.resolve("b"), "one");
        Files.delete(file);
        Files.move(folder.resolve("b"), file);
        assertThat(Contents.of(Set.of(file))).isEqualTo(before);

        Files.writeString(file, "two");
        assertThat(Contents.of(Set.of(file)).differences(before)).containsExactly(file);
    }

    @Test
    void followLinks() throws IOException {
        Path link = folder.resolve("link");
        Files.createSymbolicLink(link, Files.writeString(folder.resolve("one"), "one"));
        Contents before = Contents.of(Set.of(link));

        Files.delete(link);
        Files.createSymbolicLink(link, Files.writeString(folder.resolve("two"), "two"));

        assertThat(Contents.of(Set.of(link))).isNotEqualTo(before);
    }

    @Test
    void takeWhatCannotBeReadForMissing() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("directory"));
        Path nothing = folder.resolve("nothing");
        Path empty = Files.writeString(folder.resolve("empty"), "");

        Contents contents = Contents.of(Set.of(directory, nothing, empty));

        assertThat(contents.isMissing(directory)).isTrue();
        assertThat(contents.isMissing(nothing)).isTrue();
        assertThat(contents.isMissing(empty)).isFalse();
        assertThat(contents.mark(nothing)).isEmpty();
        assertThat(contents.mark(empty)).hasSize(12);
    }

    @Test
    void keepWhatIsKnownWhenFilesAreAdded() throws IOException {
        Path known = Files.writeString(folder.resolve("known"), "one");
        Contents before = Contents.of(Set.of(known));
        Files.writeString(known, "two");

        Contents more = before.over(Set.of(known, folder.resolve("other")));

        assertThat(more.over(Set.of(known))).isEqualTo(before);
        assertThat(more.digests()).hasSize(2);
    }
}
