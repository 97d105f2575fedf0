package dev.gatehouse.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gateway} without a command: the same as {@code gateway run}. */
@Command(
        name = "gateway",
        versionProvider = VersionText.class,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "API gateway that protects APIs with OAuth 2.0 token introspection.",
        description = "Without a command the gateway starts, as with 'gateway run'.",
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%n",
        footer = {"Example:", "  gateway --config gateway.config.yml", "", "'gateway COMMAND --help' tells more."})
final class GatewayCommand implements Callable<Integer> {
    private final Context context;

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    RunOptions options = new RunOptions();

    @Mixin
    CommonOptions common = new CommonOptions();

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show version, commit, build date and Java.")
    boolean version;

    GatewayCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        return new GatewayRun(context, options, common).run();
    }
}
