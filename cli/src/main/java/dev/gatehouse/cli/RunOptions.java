package dev.gatehouse.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of {@code run}, which are also those of {@code gateway} alone. */
final class RunOptions {
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
}
