package dev.gatehouse.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.ZoneId;
import java.util.concurrent.CompletionStage;

/** Writes one line for each finished request, never on the thread that hands it over. Safe on any thread. */
public final class AccessLog implements AutoCloseable {
    private final AccessOptions options;
    private final Spool<AccessRecord> spool;

    private AccessLog(AccessOptions options, Spool<AccessRecord> spool) {
        this.options = options;
        this.spool = spool;
    }

    /** Opens the log and starts its writer thread. */
    public static AccessLog open(AccessOptions options, Spool.Sink sink, MeterRegistry meters) {
        return open(options, ZoneId.systemDefault(), sink, meters);
    }

    static AccessLog open(AccessOptions options, ZoneId zone, Spool.Sink sink, MeterRegistry meters) {
        Counter dropped = Counter.builder("gateway.log.dropped")
                .tag("log", "access")
                .description("Log lines that were not written because the queue was full")
                .register(meters);
        AccessFormat format = AccessFormat.of(options, zone);
        return new AccessLog(
                options,
                Spool.open("gateway-access-log", format::append, AccessRecord::weight, sink, dropped::increment));
    }

    /**
     * Whether a request with this outcome has a line; asked before a record is filled.
     *
     * @param status status sent to the client
     * @param refused whether the gateway refused the request
     * @param failed whether the exchange broke: service failed, client left, body cut
     */
    public boolean wants(int status, boolean refused, boolean failed) {
        return switch (options.level()) {
            case ALL -> true;
            case DENIED -> refused || failed || status >= 500;
            case ERRORS -> failed || status >= 500;
            case OFF, AUTO -> false;
        };
    }

    /** Whether {@code subject} and {@code clientId} are worth looking up. */
    public boolean identity() {
        return options.identity();
    }

    /** Takes the record; never blocks, never throws. */
    public void write(AccessRecord record) {
        spool.add(record, false);
    }

    /** Ends the log; the stage completes when everything is written. See {@link Spool#end()}. */
    public CompletionStage<Void> end() {
        return spool.end();
    }

    /** Like {@link #end()}; does not wait. */
    @Override
    public void close() {
        spool.close();
    }
}
