package dev.gatehouse.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of {@code run}, which are also those of {@code gateway} alone. */
final class RunOptions {
    /** Express Gateway's: any text switches the watch off, even the word false. */
    private static final String SWITCH = "EG_DISABLE_CONFIG_WATCH";

    @Mixin
    ConfigOptions config = new ConfigOptions();

    @Mixin
    LogOptions log = new LogOptions();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of the http listener instead of http.port; 0 = any free one.")
    @Nullable
    Integer port;

    @Option(
            names = "--watch",
            negatable = true,
            description = "Reload when the configuration file changes. Default: yes, unless EG_DISABLE_CONFIG_WATCH"
                    + " is set. HUP reloads in any case.")
    @Nullable
    Boolean watch;

    /** Whether changed files are noticed; what the command line says wins over the environment. */
    boolean watches(Map<String, String> environment) {
        return watch == null ? environment.getOrDefault(SWITCH, "").isEmpty() : watch;
    }
}
