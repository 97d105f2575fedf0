package dev.gatehouse.cli.run;

import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.runtime.Bound;
import dev.gatehouse.runtime.build.Guard;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What a started gateway says about itself: lines for people, or one event.
 *
 * @param build the running build
 * @param io name of the transport
 * @param file the configuration file as it was named
 * @param warnings problems that did not stop the start
 * @param took time from the start of the command
 */
public record StartupOutput(
        Build build,
        String io,
        String file,
        GatewayConfig config,
        List<Problem> warnings,
        List<Guard> guards,
        RunningGateway running,
        Duration took) {
    private static final Logger LOG = LoggerFactory.getLogger(StartupOutput.class);
    private static final int CODE_COLUMN = 82;

    public StartupOutput {
        warnings = List.copyOf(warnings);
        guards = List.copyOf(guards);
    }

    /** The facts about a gateway that has just started. */
    public static StartupOutput of(Prepared prepared, RunningGateway running, GatewayConfig config, Duration took) {
        return new StartupOutput(
                Build.current(),
                prepared.transport().name(),
                config.file().toString(),
                config,
                prepared.problems().all().stream()
                        .filter(problem -> problem.severity() == Severity.WARNING)
                        .toList(),
                prepared.gateway() == null ? List.of() : prepared.gateway().guards(),
                running,
                took);
    }

    /** The lines for a terminal. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("gateway " + build.version() + "  (Java " + Runtime.version().feature() + ", "
                + Counts.of(Runtime.getRuntime().availableProcessors(), "core") + ", io: " + io + ")");
        lines.add("config   " + file + "  " + Counts.of(apiEndpoints(), "api endpoint") + ", "
                + Counts.of(config.pipelines().size(), "pipeline") + ", " + Counts.of(warnings.size(), "warning"));
        warnings.forEach(warning -> lines.add(warning(warning)));
        for (Bound listener : running.bound()) {
            lines.add(String.format(
                    Locale.ROOT, "listen   %-6s %s", listener.protocol(), Addresses.text(listener.address())));
        }
        InetSocketAddress admin = running.admin();
        if (admin != null) {
            lines.add("admin    http   " + Addresses.text(admin) + "   (/introspection)");
        }
        InetSocketAddress ops = running.ops();
        if (ops != null) {
            lines.add("ops      http   " + Addresses.text(ops) + "   (/health /ready /metrics)");
        }
        guards.forEach(guard -> lines.add("guard    " + guard.pipeline() + "   " + guardText(guard)));
        lines.add(String.format(Locale.ROOT, "ready in %.2f s", took.toMillis() / 1000.0));
        return lines;
    }

    /** The same as one event of the application log. */
    public void log() {
        LoggingEventBuilder event = LOG.atInfo()
                .addKeyValue("event", "gateway.started")
                .addKeyValue("version", build.version())
                .addKeyValue("java", Runtime.version().feature())
                .addKeyValue("cores", Runtime.getRuntime().availableProcessors())
                .addKeyValue("io", io)
                .addKeyValue("config", file)
                .addKeyValue("api_endpoints", apiEndpoints())
                .addKeyValue("pipelines", config.pipelines().size())
                .addKeyValue(
                        "warnings", warnings.stream().map(StartupOutput::facts).toList())
                .addKeyValue(
                        "listen",
                        running.bound().stream()
                                .map(listener -> listener.protocol() + " " + Addresses.text(listener.address()))
                                .toList());
        if (running.admin() != null) {
            event = event.addKeyValue("admin", Addresses.text(running.admin()));
        }
        if (running.ops() != null) {
            event = event.addKeyValue("ops", Addresses.text(running.ops()));
        }
        event.addKeyValue("guards", guards.stream().map(StartupOutput::facts).toList())
                .addKeyValue("took_ms", took.toMillis())
                .log("ready in {} ms", took.toMillis());
    }

    private long apiEndpoints() {
        return config.apiEndpoints().stream()
                .map(endpoint -> endpoint.name())
                .distinct()
                .count();
    }

    private static String warning(Problem problem) {
        String text = "  warning " + place(problem) + "  " + problem.message();
        return text + " ".repeat(Math.max(2, CODE_COLUMN - text.length())) + problem.code();
    }

    private static String place(Problem problem) {
        Span span = problem.span();
        return span == null ? "-" : span.source().name() + ':' + span.line() + ':' + span.column();
    }

    private static String guardText(Guard guard) {
        if (guard.description() == null) {
            return "open";
        }
        double seconds = guard.revocationDelaySeconds();
        String delay = Double.isInfinite(seconds)
                ? "unbounded"
                : "at most "
                        + (seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds))
                        + " s";
        return guard.description() + "   revocation delay " + delay;
    }

    private static Map<String, Object> facts(Problem problem) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("code", problem.code());
        facts.put("place", place(problem));
        facts.put("message", problem.message());
        return facts;
    }

    private static Map<String, Object> facts(Guard guard) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("pipeline", guard.pipeline());
        if (guard.description() == null) {
            facts.put("guard", "open");
        } else {
            facts.put("guard", guard.description());
            facts.put("revocation_delay_s", guard.revocationDelaySeconds());
        }
        return facts;
    }
}
