package dev.gatehouse.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The packages of npm that {@code node/package-lock.json} names, below {@code target}, with the scripts beside them. */
public final class NodeModules {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private NodeModules() {}

    /**
     * Installs the packages unless that is done, and copies scripts next to them.
     *
     * @param scripts names of files in the test resource folder {@code node}
     * @return the folder with {@code node_modules} and the scripts
     */
    public static synchronized Path install(String... scripts) {
        Path folder = Workspace.target().resolve("node");
        Workspace.copy("node/package.json", folder);
        Path lock = Workspace.copy("node/package-lock.json", folder);
        for (String script : scripts) {
            Workspace.copy("node/" + script, folder);
        }
        Stamp stamp = new Stamp(folder.resolve("installed.json"), text(lock));
        if (!stamp.isSet()) {
            install(folder);
            stamp.set();
        }
        return folder;
    }

    private static void install(Path folder) {
        List<String> command = List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        try (RunningProgram npm = RunningProgram.start("npm", folder, Map.of(), command)) {
            if (npm.awaitExit(PATIENCE) != 0) {
                throw new AssertionError("npm ci failed:\n" + npm.output());
            }
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
