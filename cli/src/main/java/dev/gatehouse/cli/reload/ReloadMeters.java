package dev.gatehouse.cli.reload;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is counted about reloads. Control thread; read by whoever scrapes. */
final class ReloadMeters {
    private final MeterRegistry meters;
    private final Counter applied;
    private final Counter unchanged;
    private final Counter rejected;
    private final Counter reloads;
    private final Counter failures;
    private @Nullable Gauge info;
    private volatile double successful = 1;
    private volatile double epochSeconds;

    ReloadMeters(MeterRegistry meters) {
        this.meters = meters;
        applied = result("applied");
        unchanged = result("unchanged");
        rejected = result("rejected");
        reloads = Counter.builder("gateway.config.reloads")
                .description("Configurations that were put in force after the first")
                .register(meters);
        failures = Counter.builder("gateway.config.reload.failures")
                .description("Configurations that were refused")
                .register(meters);
        Gauge.builder("gateway.config.last.reload.successful", this, own -> own.successful)
                .description("1 while the file on disk is in force, 0 after it was refused")
                .register(meters);
        Gauge.builder("gateway.config.last.reload.timestamp", this, own -> own.epochSeconds)
                .description("When the configuration in force was put in force, seconds since 1970")
                .baseUnit("seconds")
                .register(meters);
    }

    /** Shows which configuration is in force. */
    void show(Standing standing) {
        if (info != null) {
            meters.remove(info);
        }
        info = Gauge.builder("gateway.config.info", () -> 1)
                .description("Always 1; the labels say which configuration is in force")
                .tag("number", Long.toString(standing.number()))
                .tag("hash", standing.mark())
                .register(meters);
        epochSeconds = seconds(standing.since());
    }

    void applied() {
        applied.increment();
        reloads.increment();
        successful = 1;
    }

    void unchanged() {
        unchanged.increment();
        successful = 1;
    }

    void rejected() {
        rejected.increment();
        failures.increment();
        successful = 0;
    }

    private Counter result(String name) {
        return Counter.builder("gateway.config.reload")
                .description("Attempts to reload")
                .tag("result", name)
                .register(meters);
    }

    private static double seconds(Instant instant) {
        return instant.toEpochMilli() / 1000.0;
    }
}
