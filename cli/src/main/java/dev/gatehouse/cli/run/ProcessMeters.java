package dev.gatehouse.cli.run;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;

/** Meters of the process as a whole. */
final class ProcessMeters {
    private ProcessMeters() {}

    /** Registers them. */
    static void register(MeterRegistry meters, ApplicationLog log) {
        Build build = Build.current();
        Gauge.builder("gateway.build.info", () -> 1)
                .description("Always 1; the labels say which build runs")
                .tag("version", build.version())
                .tag("commit", build.commit())
                .tag("java", Build.java())
                .register(meters);
        FunctionCounter.builder("gateway.log.dropped", log, ApplicationLog::dropped)
                .tag("log", "application")
                .description("Log lines that were not written because the queue was full")
                .register(meters);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ClassLoaderMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new FileDescriptorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
    }
}
