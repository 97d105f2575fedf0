package dev.gatehouse.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Finds out whether a person or a program reads a stream, and whether it may be coloured. */
final class Terminal {
    /** When to colour. */
    enum Colour {
        AUTO,
        ALWAYS,
        NEVER
    }

    private Terminal() {}

    /** Whether the file descriptor is a terminal. */
    static boolean isTerminal(int descriptor) {
        try {
            String device = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            // No /proc. The JDK's console exists without a terminal, too, so nothing is known; plain output suits all.
            return false;
        }
    }

    /** Whether to colour a stream. */
    static boolean coloured(Colour wish, boolean terminal, Map<String, String> environment) {
        return switch (wish) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO -> terminal && !environment.containsKey("NO_COLOR") && !"dumb".equals(environment.get("TERM"));
        };
    }
}
