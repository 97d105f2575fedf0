package dev.gatehouse.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of commands that read the configuration. */
final class ConfigOptions {
    /** How misspelt keys are taken. */
    enum Compat {
        DEFAULT,
        LENIENT
    }

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Configuration file, or a directory with one. Default: in $EG_CONFIG_DIR, in the working"
                    + " directory, in ./config.")
    @Nullable
    Path config;

    @Option(
            names = "--env-file",
            paramLabel = "FILE",
            description = "File with NAME=VALUE lines for $${NAME} in the configuration; repeatable."
                    + " Variables of the process win.")
    List<Path> envFiles = new ArrayList<>();

    @Option(names = "--strict", description = "Treat warnings as errors.")
    boolean strict;

    @Option(
            names = "--compat",
            paramLabel = "MODE",
            defaultValue = "default",
            description = "default: a misspelt key is an error. lenient: only a warning, as in Express Gateway.")
    Compat compat = Compat.DEFAULT;
}
