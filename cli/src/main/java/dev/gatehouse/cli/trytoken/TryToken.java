package dev.gatehouse.cli.trytoken;

import dev.gatehouse.cli.run.ExitCode;
import dev.gatehouse.cli.run.Json;
import dev.gatehouse.cli.run.Prepared;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.LogConfig;
import dev.gatehouse.config.PipelineConfig;
import dev.gatehouse.config.bind.Nearest;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.metrics.AccessOptions;
import dev.gatehouse.policies.introspect.trial.TokenTrial;
import dev.gatehouse.policies.introspect.trial.TokenTrials;
import dev.gatehouse.runtime.Gateway;
import java.io.PrintStream;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tries a token in the pipelines of a configuration that is built and not started. One thread; waits for servers. */
public final class TryToken {
    private final PrintStream out;
    private final boolean json;
    private final boolean colour;

    /** @param out for the result */
    public TryToken(PrintStream out, boolean json, boolean colour) {
        this.out = out;
        this.json = json;
        this.colour = colour;
    }

    /** There is nothing to try the token with; the message says what there is. */
    public static final class NotThere extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;

        NotThere(String message) {
            super(message);
        }
    }

    /**
     * Asks and prints; gives the exit code.
     *
     * @param prepared a configuration without errors; its calls are started
     * @param pipeline null = the only one with the policy
     * @throws NotThere when there is no such pipeline
     */
    public int run(Prepared prepared, @Nullable String pipeline, String token) throws NotThere {
        Gateway gateway = Objects.requireNonNull(prepared.gateway(), "a configuration without errors");
        TokenTrials trials = gateway.shared(new TokenTrials.Key(), TokenTrials::new);
        GatewayConfig config = gateway.config();
        String name = chosen(pipeline, config, trials);
        Printable printable = new Printable(token);
        AccessOptions silent = new AccessOptions(LogConfig.Access.OFF, true, false, false, "");
        Witness witness = new Witness();
        try (AccessLog log = AccessLog.open(silent, lines -> {}, prepared.meters())) {
            gateway.startCalls(log, witness::over);
            Trip trip = new Trip(witness, printable);
            List<StepReport> reports = new ArrayList<>();
            String decided = "";
            for (TokenTrial trial : trials.of(name)) {
                // A step shows a token to the first server that it is meant for, and so does this.
                if (!trial.step().equals(decided) && trial.isFor(token)) {
                    StepReport report = trip.report(trial, token, Routes.of(config, name, trial.methods()));
                    reports.add(report);
                    decided = trial.isLast(report.answer()) ? trial.step() : decided;
                }
            }
            return print(name, reports, printable);
        }
    }

    private int print(String pipeline, List<StepReport> reports, Printable printable) {
        if (json) {
            out.writeBytes(Json.bytes(new ReportTree(printable).tree(pipeline, reports)));
            out.println();
        } else {
            new ReportText(printable, colour).lines(reports).forEach(out::println);
        }
        boolean allowed = reports.stream().anyMatch(StepReport::allowsSomething);
        return allowed ? ExitCode.OK : ExitCode.ANSWER_IS_NO;
    }

    private static String chosen(@Nullable String pipeline, GatewayConfig config, TokenTrials trials) throws NotThere {
        List<String> able = trials.pipelines();
        if (able.isEmpty()) {
            throw new NotThere("no pipeline of the configuration has the policy 'oauth2-introspect'");
        }
        if (pipeline == null) {
            if (able.size() > 1) {
                throw new NotThere("several pipelines have the policy 'oauth2-introspect'; name one with '--pipeline': "
                        + String.join(", ", able));
            }
            return able.get(0);
        }
        if (able.contains(pipeline)) {
            return pipeline;
        }
        List<String> all = config.pipelines().stream().map(PipelineConfig::name).toList();
        if (all.contains(pipeline)) {
            throw new NotThere("pipeline '" + pipeline + "' has no policy 'oauth2-introspect'; those that have it: "
                    + String.join(", ", able));
        }
        String near = Nearest.to(pipeline, able);
        throw new NotThere("there is no pipeline '" + pipeline + "'"
                + (near == null
                        ? "; those with 'oauth2-introspect': " + String.join(", ", able)
                        : "; did you mean '" + near + "'?"));
    }
}
