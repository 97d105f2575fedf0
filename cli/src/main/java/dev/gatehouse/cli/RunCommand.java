package dev.gatehouse.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gateway run}. */
@Command(
        name = "run",
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Start the gateway.",
        description = {
            "Reads the configuration, reports every problem in it, opens the listeners and serves until TERM or"
                    + " INT. Then requests in flight may finish; a second signal stops at once."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%n",
        footer = {"Example:", "  gateway run --config gateway.config.yml --log-format json"})
final class RunCommand implements Callable<Integer> {
    private final Context context;

    @Mixin
    RunOptions options = new RunOptions();

    @Mixin
    CommonOptions common = new CommonOptions();

    RunCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        return new GatewayRun(context, options, common).run();
    }
}
