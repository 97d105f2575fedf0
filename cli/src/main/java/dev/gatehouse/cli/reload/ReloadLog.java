package dev.gatehouse.cli.reload;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.report.ProblemPrinter;
import dev.gatehouse.runtime.Bound;
import dev.gatehouse.runtime.TlsReload;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.AbstractList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** What the application log says about reloads. */
final class ReloadLog {
    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);
    private static final String EVENT = "event";
    private static final int MOST_NAMES = 20;
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final Path file;

    ReloadLog(Path file) {
        this.file = file;
    }

    void applied(Outcome.Applied applied, String trigger, List<Bound> opened, List<Problem> warnings) {
        ConfigChange change = applied.change();
        LoggingEventBuilder event = LOG.atInfo()
                .addKeyValue(EVENT, "config.reloaded")
                .addKeyValue("number", applied.number())
                .addKeyValue("took_ms", applied.took().toMillis())
                .addKeyValue("trigger", trigger);
        event = names(event, "endpoints", change.endpoints());
        event = names(event, "services", change.services());
        event = names(event, "pipelines", change.pipelines());
        if (!warnings.isEmpty()) {
            event = event.addKeyValue("warnings", new Listed(warnings));
        }
        // People search existing logs for the words before the colon.
        event.log(
                "hot-reload config completed: reloaded #{} in {} ms: {}",
                applied.number(),
                applied.took().toMillis(),
                change.text());
        for (Bound listener : opened) {
            LOG.atInfo()
                    .addKeyValue(EVENT, "listener.open")
                    .log("gateway {} server listening on {}", listener.protocol(), text(listener.address()));
        }
        if (!applied.needRestart().isEmpty()) {
            LOG.atWarn()
                    .addKeyValue(EVENT, "config.restart-needed")
                    .addKeyValue("keys", applied.needRestart())
                    .log("changes of {} wait for a restart", String.join(", ", applied.needRestart()));
        }
    }

    void unchanged(long number, String trigger) {
        LOG.atInfo()
                .addKeyValue(EVENT, "config.unchanged")
                .addKeyValue("number", number)
                .addKeyValue("trigger", trigger)
                .log("nothing to reload: {} holds what is in force as #{}", file, number);
    }

    void rejected(Outcome.Rejected rejected, String trigger) {
        long errors = rejected.problems().stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .count();
        LOG.atError()
                .addKeyValue(EVENT, "config.rejected")
                .addKeyValue("number", rejected.number())
                .addKeyValue("trigger", trigger)
                .addKeyValue("problems", new Listed(rejected.problems()))
                // People search existing logs for the first two sentences.
                .log(
                        "Could not hot-reload gateway.config.yml. Configuration is invalid. {} in {};"
                                + " still serving #{} (since {})",
                        errors == 1 ? "1 error" : errors + " errors",
                        file,
                        rejected.number(),
                        clock(rejected.since()));
    }

    void broke(long number, RuntimeException bug) {
        LOG.atError()
                .addKeyValue(EVENT, "config.rejected")
                .addKeyValue("number", number)
                .setCause(bug)
                .log("Could not hot-reload gateway.config.yml. An internal error occurred; still serving #{}", number);
    }

    void vanished(Outcome.Vanished vanished) {
        LOG.atWarn()
                .addKeyValue(EVENT, "config.vanished")
                .addKeyValue("number", vanished.number())
                .log(
                        "{} is gone; still serving #{} (since {}) until it is back",
                        file,
                        vanished.number(),
                        clock(vanished.since()));
    }

    void tls(List<TlsReload> results, Collection<Path> changed) {
        for (TlsReload result : results) {
            if (result.problem() == null) {
                LOG.atInfo()
                        .addKeyValue(EVENT, "tls.reloaded")
                        .addKeyValue("files", sorted(changed))
                        .log("new keys and certificates of {} are in use", result.what());
            } else {
                LOG.atError()
                        .addKeyValue(EVENT, "tls.rejected")
                        .addKeyValue("files", sorted(changed))
                        .log(
                                "new keys and certificates of {} cannot be used, the earlier ones stay: {}",
                                result.what(),
                                result.problem());
            }
        }
    }

    private static List<String> sorted(Collection<Path> files) {
        return files.stream().map(Path::toString).sorted().toList();
    }

    private static LoggingEventBuilder names(LoggingEventBuilder event, String what, ConfigChange.Names names) {
        LoggingEventBuilder told = names(event, what + "_added", names.added());
        told = names(told, what + "_changed", names.changed());
        return names(told, what + "_removed", names.removed());
    }

    private static LoggingEventBuilder names(LoggingEventBuilder event, String key, List<String> names) {
        if (names.isEmpty()) {
            return event;
        }
        return event.addKeyValue(key, names.subList(0, Math.min(MOST_NAMES, names.size())));
    }

    private static String clock(Instant instant) {
        return CLOCK.format(instant.atZone(ZoneId.systemDefault()));
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().isAnyLocalAddress()
                ? "0.0.0.0"
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + address.getPort();
    }

    /** Problems as objects for programs, as lines of text for people. */
    private static final class Listed extends AbstractList<Map<String, Object>> {
        private final List<Problem> problems;

        Listed(List<Problem> problems) {
            this.problems = problems;
        }

        @Override
        public Map<String, Object> get(int index) {
            return ProblemPrinter.members(problems.get(index));
        }

        @Override
        public int size() {
            return problems.size();
        }

        @Override
        public String toString() {
            return problems.stream()
                    .map(problem ->
                            ProblemPrinter.text(problem).lines().findFirst().orElse(""))
                    .collect(Collectors.joining("; "));
        }
    }
}
