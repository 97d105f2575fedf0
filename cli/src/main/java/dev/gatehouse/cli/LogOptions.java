package dev.gatehouse.cli;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of the logs. */
final class LogOptions {
    /** Form of log lines. */
    enum Format {
        AUTO,
        HUMAN,
        JSON
    }

    /** Levels by the names of Express Gateway, and ours. */
    enum Level {
        ERROR(org.slf4j.event.Level.ERROR),
        WARN(org.slf4j.event.Level.WARN),
        INFO(org.slf4j.event.Level.INFO),
        VERBOSE(org.slf4j.event.Level.DEBUG),
        DEBUG(org.slf4j.event.Level.DEBUG),
        SILLY(org.slf4j.event.Level.TRACE),
        TRACE(org.slf4j.event.Level.TRACE);

        private final org.slf4j.event.Level level;

        Level(org.slf4j.event.Level level) {
            this.level = level;
        }
    }

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "auto",
            description = "auto, human or json. Default: human on a terminal, json elsewhere.")
    Format format = Format.AUTO;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description = "error, warn, info, verbose, debug or silly. Default: $$LOG_LEVEL, else info.")
    @Nullable
    Level level;

    boolean json(boolean terminal) {
        return format == Format.JSON || (format == Format.AUTO && !terminal);
    }

    /** The level asked for: the option, else LOG_LEVEL, else INFO. An unknown LOG_LEVEL counts as INFO. */
    org.slf4j.event.Level level(Map<String, String> environment) {
        if (level != null) {
            return level.level;
        }
        String wish = environment.getOrDefault("LOG_LEVEL", "").toUpperCase(Locale.ROOT);
        for (Level known : Level.values()) {
            if (known.name().equals(wish)) {
                return known.level;
            }
        }
        return org.slf4j.event.Level.INFO;
    }
}
