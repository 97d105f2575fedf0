package dev.gatehouse.config.yaml;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the files that belong to a configuration file. Control thread. */
public final class FilesBeside {
    private final Path configuration;

    /** @param configuration the configuration file */
    public FilesBeside(Path configuration) {
        this.configuration = configuration;
    }

    /**
     * The file that an option names: relative names are looked for in the working directory, as Express Gateway does, and
     * then beside the configuration. A file that is nowhere stays as it is named.
     */
    public Path named(Path name) {
        if (name.isAbsolute() || Files.exists(name)) {
            return name;
        }
        Path beside = configuration.toAbsolutePath().resolveSibling(name);
        return Files.exists(beside) ? beside : name;
    }

    /** The first of these names that there is a file for beside the configuration; null = none. */
    public @Nullable Path first(List<String> names) {
        return names.stream()
                .map(configuration::resolveSibling)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElse(null);
    }
}
