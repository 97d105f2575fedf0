package dev.gatehouse.cli.run;

import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.LogConfig.Access;
import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.metrics.AccessOptions;
import dev.gatehouse.runtime.StartFailure;
import dev.gatehouse.runtime.StopReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of a gateway process: start, say so, wait for a signal, drain. Main thread. */
public final class GatewayProcess {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayProcess.class);

    private final Prepared prepared;
    private final ApplicationLog log;
    private final boolean watch;
    private final long begin;

    /**
     * @param prepared without errors
     * @param log open until the process ends
     * @param watch whether changed files are noticed without a signal
     * @param begin monotonic nanoseconds at the start of the command
     */
    public GatewayProcess(Prepared prepared, ApplicationLog log, boolean watch, long begin) {
        this.prepared = prepared;
        this.log = log;
        this.watch = watch;
        this.begin = begin;
    }

    /** Serves until TERM or INT; gives the exit code. */
    public int serve(PrintStream out, PrintStream err, boolean json, boolean quiet) {
        GatewayConfig config = prepared.config();
        if (config == null) {
            throw new IllegalArgumentException("the configuration has errors");
        }
        try {
            RunningGateway running = RunningGateway.start(prepared, log, accessLog(config, out, json));
            return serve(running, config, out, json, quiet);
        } catch (StartFailure e) {
            err.println("gateway: " + e.getMessage());
            return ExitCode.CANNOT_START;
        }
    }

    private int serve(RunningGateway running, GatewayConfig config, PrintStream out, boolean json, boolean quiet) {
        CountDownLatch stop = new CountDownLatch(1);
        Signals.onStop(stop::countDown, () -> Runtime.getRuntime().halt(ExitCode.CUT_OFF));
        Signals.onReload(() -> running.control().signalled("signal"));
        if (watch) {
            running.control().watch();
        }
        announce(
                StartupOutput.of(prepared, running, config, Duration.ofNanos(System.nanoTime() - begin)),
                out,
                json,
                quiet);
        await(stop);
        return drain(running);
    }

    /** The access log as the file asks for it, on {@code out}. */
    private AccessLog accessLog(GatewayConfig config, PrintStream out, boolean json) {
        Access wish = config.log().access();
        Access level = wish != Access.AUTO ? wish : json ? Access.DENIED : Access.ALL;
        AccessOptions options = new AccessOptions(
                level, json, config.log().identity(), config.log().query(), "");
        return AccessLog.open(options, out::writeBytes, prepared.meters());
    }

    private static void announce(StartupOutput facts, PrintStream out, boolean json, boolean quiet) {
        if (json) {
            facts.log();
        } else if (!quiet) {
            facts.lines().forEach(out::println);
        }
    }

    private static int drain(RunningGateway running) {
        LOG.atInfo().addKeyValue("event", "gateway.stopping").log("stopping: requests in flight may finish");
        StopReport report = running.stop();
        LOG.atInfo()
                .addKeyValue("event", "gateway.stopped")
                .addKeyValue("finished", report.finished())
                .addKeyValue("cut", report.cut())
                .log(
                        "stopped: {} requests finished, {} cut",
                        Counts.grouped(report.finished()),
                        Counts.grouped(report.cut()));
        return report.cut() == 0 ? ExitCode.OK : ExitCode.CUT_OFF;
    }

    private static void await(CountDownLatch stop) {
        boolean stopped = false;
        while (!stopped) {
            try {
                stop.await();
                stopped = true;
            } catch (InterruptedException e) {
                // Nobody interrupts the main thread; the wait goes on until a signal comes.
                LOG.debug("the main thread was interrupted", e);
            }
        }
    }
}
