package dev.gatehouse.cli;

import dev.gatehouse.cli.demo.Demo;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gateway demo}. */
@Command(
        name = "demo",
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Show the gateway at work: with an embedded authorization server and a sample backend.",
        description = {"Everything listens on loopback only. Needs no file and no network."},
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%n",
        footer = {"Example:", "  gateway demo --self-test"})
final class DemoCommand implements Callable<Integer> {
    private final Context context;

    @ArgGroup
    @Nullable
    Mode mode;

    @Mixin
    CommonOptions common = new CommonOptions();

    DemoCommand(Context context) {
        this.context = context;
    }

    /** What to do instead of serving until TERM; at most one of them. */
    static final class Mode {
        @Option(
                names = "--self-test",
                description = "Send the demo's requests, print what came back and exit: 0 = all as expected, 5 = not.")
        boolean selfTest;

        @Option(names = "--write", paramLabel = "DIR", description = "Write the demo's configuration file to DIR.")
        @Nullable
        Path write;
    }

    @Override
    public Integer call() {
        Demo demo = new Demo(context.out(), context.err());
        if (mode == null) {
            return demo.serve();
        }
        return mode.write != null ? demo.write(mode.write) : demo.selfTest();
    }
}
