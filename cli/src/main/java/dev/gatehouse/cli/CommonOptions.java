package dev.gatehouse.cli;

import picocli.CommandLine.Option;

/** Options of every command. */
final class CommonOptions {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "Colour the output: auto, always or never. Default: auto.")
    Terminal.Colour colour = Terminal.Colour.AUTO;

    @Option(
            names = {"-v", "--verbose"},
            description = "Say more; show the stack trace of an internal error.")
    boolean verbose;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print results and errors only.")
    boolean quiet;
}
