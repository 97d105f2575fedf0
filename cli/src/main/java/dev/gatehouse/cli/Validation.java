package dev.gatehouse.cli;

import dev.gatehouse.cli.run.Counts;
import dev.gatehouse.cli.run.ExitCode;
import dev.gatehouse.cli.run.Prepared;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.tls.ServerTls;

/** What {@code gateway validate} does. */
final class Validation {
    private final Context context;
    private final ConfigOptions options;
    private final boolean json;
    private final int maxProblems;
    private final CommonOptions common;

    Validation(Context context, ConfigOptions options, boolean json, int maxProblems, CommonOptions common) {
        this.context = context;
        this.options = options;
        this.json = json;
        this.maxProblems = maxProblems;
        this.common = common;
    }

    /** Checks and prints; gives the exit code. */
    int run() {
        long begin = System.nanoTime();
        Input input = Input.find(context, options);
        if (input.file() == null) {
            return ExitCode.CONFIG;
        }
        Prepared prepared = Prepared.of(input.source((Integer) null));
        try {
            checkKeys(prepared);
            boolean valid = !prepared.problems().hasErrors();
            print(prepared, input, valid, begin);
            return valid ? ExitCode.OK : ExitCode.CONFIG;
        } finally {
            prepared.close();
        }
    }

    /** Starting reads the keys; validating must not be the lesser check. */
    private static void checkKeys(Prepared prepared) {
        GatewayConfig config = prepared.config();
        if (config != null && config.https() != null) {
            for (String problem : ServerTls.problems(config.https())) {
                prepared.problems().error("E0503", null, "https.tls", problem);
            }
        }
    }

    private void print(Prepared prepared, Input input, boolean valid, long begin) {
        ProblemReport report = new ProblemReport(
                prepared.problems(),
                context.out(),
                Terminal.coloured(common.colour, context.outTerminal(), context.environment()));
        if (json) {
            report.printJson();
            return;
        }
        report.print(maxProblems);
        GatewayConfig config = prepared.config();
        if (valid && config != null) {
            if (!common.quiet) {
                context.out().println(summary(config, input, report, begin));
            }
        } else {
            context.out().println(report.counts());
        }
    }

    private static String summary(GatewayConfig config, Input input, ProblemReport report, long begin) {
        long endpoints = config.apiEndpoints().stream()
                .map(endpoint -> endpoint.name())
                .distinct()
                .count();
        return input.file() + ": valid   " + Counts.of(endpoints, "api endpoint") + ", "
                + Counts.of(config.serviceEndpoints().size(), "service endpoint") + ", "
                + Counts.of(config.pipelines().size(), "pipeline") + "   " + report.counts() + "   "
                + (System.nanoTime() - begin) / 1_000_000 + " ms";
    }
}
