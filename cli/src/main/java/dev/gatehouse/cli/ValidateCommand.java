package dev.gatehouse.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gateway validate}. */
@Command(
        name = "validate",
        aliases = "check",
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Check the configuration completely without opening a port.",
        description = {
            "Parses, substitutes variables, resolves every reference, compiles every path, condition and"
                    + " expression and builds every pipeline. Contacts nobody. Exit 0 when it is valid, 3 when not."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%n",
        footer = {"Example:", "  gateway validate --config gateway.config.yml --strict"})
final class ValidateCommand implements Callable<Integer> {
    /** Form of the result. */
    enum Output {
        TEXT,
        JSON
    }

    private final Context context;

    @Mixin
    ConfigOptions config = new ConfigOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json. Default: text.")
    Output output = Output.TEXT;

    @Option(
            names = "--max-problems",
            paramLabel = "N",
            defaultValue = "50",
            description = "Most problems that are printed. Default: 50.")
    int maxProblems = 50;

    @Mixin
    CommonOptions common = new CommonOptions();

    ValidateCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        return new Validation(context, config, output == Output.JSON, maxProblems, common).run();
    }
}
