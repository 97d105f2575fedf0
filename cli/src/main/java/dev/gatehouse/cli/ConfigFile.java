package dev.gatehouse.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the configuration file: the one that is named, else the places of Express Gateway. */
final class ConfigFile {
    private static final String YAML = "gateway.config.yml";
    private static final String JSON = "gateway.config.json";

    /**
     * Where a search ended.
     *
     * @param file the file; null = none found
     * @param tried every place looked at, in order
     */
    record Found(@Nullable Path file, List<Path> tried) {}

    private ConfigFile() {}

    /** Looks for {@code named}, which may also be a directory; without it for the usual places. */
    static Found find(@Nullable Path named, Map<String, String> environment, Path directory) {
        List<Path> places = new ArrayList<>();
        if (named != null) {
            Path path = directory.resolve(named);
            if (Files.isDirectory(path)) {
                places.add(path.resolve(YAML));
                places.add(path.resolve(JSON));
            } else {
                places.add(path);
            }
        } else {
            addUsual(places, environment, directory);
        }
        return new Found(
                places.stream().filter(Files::isRegularFile).findFirst().orElse(null), List.copyOf(places));
    }

    private static void addUsual(List<Path> places, Map<String, String> environment, Path directory) {
        String home = environment.get("EG_CONFIG_DIR");
        if (home != null && !home.isEmpty()) {
            places.add(directory.resolve(home).resolve(YAML));
            places.add(directory.resolve(home).resolve(JSON));
        }
        places.add(directory.resolve(YAML));
        places.add(directory.resolve("config").resolve(YAML));
    }
}
