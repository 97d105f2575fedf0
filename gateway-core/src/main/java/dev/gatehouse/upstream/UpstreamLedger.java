package dev.gatehouse.upstream;

import dev.gatehouse.client.Target;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the clients of all event loops know together about each target: how many connections are open, who waits for
 * one, what went wrong. Safe on any thread; make one and give it to every {@link UpstreamClient}.
 */
public final class UpstreamLedger {
    private final MeterRegistry meters;
    private final Map<Target, TargetLedger> targets = new ConcurrentHashMap<>();

    public UpstreamLedger(MeterRegistry meters) {
        this.meters = meters;
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
