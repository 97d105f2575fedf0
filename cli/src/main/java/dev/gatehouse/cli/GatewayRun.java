package dev.gatehouse.cli;

import dev.gatehouse.cli.run.ApplicationLog;
import dev.gatehouse.cli.run.ExitCode;
import dev.gatehouse.cli.run.GatewayProcess;
import dev.gatehouse.cli.run.Prepared;
import java.time.ZoneId;

/** What {@code gateway run} does. */
final class GatewayRun {
    private final Context context;
    private final RunOptions options;
    private final CommonOptions common;

    GatewayRun(Context context, RunOptions options, CommonOptions common) {
        this.context = context;
        this.options = options;
        this.common = common;
    }

    /** Serves until a signal; gives the exit code. */
    int run() {
        long begin = System.nanoTime();
        Input input = Input.find(context, options.config);
        if (input.file() == null) {
            return ExitCode.CONFIG;
        }
        boolean json = options.log.json(context.outTerminal());
        try (ApplicationLog log = ApplicationLog.open(
                options.log.json(context.errTerminal()),
                options.log.level(context.environment()),
                ZoneId.systemDefault(),
                context.err()::writeBytes)) {
            Prepared prepared = Prepared.of(input.source(options));
            ProblemReport report = new ProblemReport(
                    prepared.problems(),
                    context.err(),
                    Terminal.coloured(common.colour, context.errTerminal(), context.environment()));
            if (prepared.problems().hasErrors()) {
                report.print(ProblemReport.MOST);
                context.err().println(report.counts());
                return ExitCode.CONFIG;
            }
            return new GatewayProcess(prepared, log, options.watches(context.environment()), begin)
                    .serve(context.out(), context.err(), json, common.quiet);
        }
    }
}
