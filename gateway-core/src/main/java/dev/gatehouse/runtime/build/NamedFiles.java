package dev.gatehouse.runtime.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files that a step names: looked for in the working directory first, then beside the configuration. */
final class NamedFiles {
    private final Path configuration;
    private final List<Path> asked = new ArrayList<>();

    NamedFiles(Path configuration) {
        this.configuration = configuration;
    }

    /** Every file that was asked for, absolute, found or not. */
    List<Path> asked() {
        return asked;
    }

    Path resolve(String file) {
        Path found = find(file);
        asked.add(found.toAbsolutePath());
        return found;
    }

    private Path find(String file) {
        Path path = Path.of(file);
        if (path.isAbsolute() || Files.exists(path)) {
            return path;
        }
        Path beside = configuration.toAbsolutePath().resolveSibling(path);
        return Files.exists(beside) ? beside : path;
    }

    /** The text of a file; null when it cannot be read. */
    @Nullable
    String read(String file) {
        try {
            return Files.readString(resolve(file));
        } catch (IOException | InvalidPathException unreadable) {
            return null;
        }
    }
}
