package dev.gatehouse.cli.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A configuration directory of Express Gateway.
 *
 * @param gateway gateway.config.yml or .json; null = there is none
 * @param system system.config.yml or .json; null = there is none
 * @param models models/*.json, by name
 */
record Directory(@Nullable Path gateway, @Nullable Path system, List<Path> models) {
    Directory {
        models = List.copyOf(models);
    }

    /** Looks into {@code folder}, and into its folder {@code config} where that is the one. */
    static Directory in(Path folder) throws IOException {
        Directory here = at(folder);
        Path inner = folder.resolve("config");
        return here.gateway() == null && Files.isDirectory(inner) ? at(inner) : here;
    }

    private static Directory at(Path folder) throws IOException {
        Path models = folder.resolve("models");
        List<Path> found = List.of();
        if (Files.isDirectory(models)) {
            try (Stream<Path> files = Files.list(models)) {
                found = files.filter(file -> file.toString().endsWith(".json"))
                        .sorted()
                        .toList();
            }
        }
        return new Directory(
                first(folder, "gateway.config.yml", "gateway.config.json"),
                first(folder, "system.config.yml", "system.config.json"),
                found);
    }

    private static @Nullable Path first(Path folder, String... names) {
        return Stream.of(names)
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElse(null);
    }
}
