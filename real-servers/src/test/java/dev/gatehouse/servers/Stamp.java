package dev.gatehouse.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that remembers what a slow preparation was made from, so that it is not repeated for the same. */
public record Stamp(Path file, String source) {
    /** Whether the preparation was finished for this source. */
    public boolean isSet() {
        try {
            return Files.exists(file) && Files.readString(file).equals(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void set() {
        try {
            Files.writeString(file, source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
