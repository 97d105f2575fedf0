package dev.gatehouse.upstream;

import dev.gatehouse.client.Target;
import dev.gatehouse.upstream.reach.TargetHealth;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What the clients of all event loops know together about each target: how many connections are open, who waits for
 * one, what went wrong, which targets are put aside. Safe on any thread; make one and give it to every {@link UpstreamClient}.
 */
public final class UpstreamLedger {
    private final MeterRegistry meters;
    private final TargetHealth health;
    private final Map<Target, TargetLedger> targets = new ConcurrentHashMap<>();

    /** @param ticker monotonic nanoseconds */
    public UpstreamLedger(MeterRegistry meters, LongSupplier ticker) {
        this.meters = meters;
        this.health = new TargetHealth(ticker);
        Gauge.builder("gateway.upstream.targets.aside", health, TargetHealth::pausedCount)
                .description("Targets that other targets are tried before, because they could not be connected to")
                .register(meters);
    }

    TargetHealth health() {
        return health;
    }

    /** Adds a pool to the account of its target. */
    TargetLedger join(Target target, String service, TargetPool pool) {
        return targets.compute(target, (key, known) -> {
            TargetLedger ledger = known == null ? new TargetLedger(meters, service, key) : known;
            ledger.add(pool);
            return ledger;
        });
    }

    /** Removes a pool that holds nothing any more; the account goes with the last one. */
    void leave(Target target, TargetPool pool) {
        targets.computeIfPresent(target, (key, ledger) -> ledger.remove(pool) ? null : ledger);
    }
}
