package dev.gatehouse.upstream;

import dev.gatehouse.client.Target;
import dev.gatehouse.upstream.reach.UpstreamFault;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

/**
 * The account of one target over all event loops.
 *
 * <p>A connection needs a permit. Who gets none enters the count of the waiting, tries once more, and then asks the
 * other loops to close an idle connection. Whoever gives a permit back looks at the count of the waiting afterwards.
 * Both sides write first and read second, so no wake-up is lost.
 */
final class TargetLedger {
    private final MeterRegistry meters;
    private final Map<UpstreamFault, Counter> faults = new EnumMap<>(UpstreamFault.class);
    private final Counter retries;
    private final Counter surplus;
    private final Counter earlyResponses;
    private final List<Gauge> gauges;
    private final List<TargetPool> pools = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();

    TargetLedger(MeterRegistry meters, String service, Target target) {
        this.meters = meters;
        for (UpstreamFault fault : UpstreamFault.values()) {
            faults.put(fault, errors(service, fault.tag()));
        }
        surplus = errors(service, "surplus");
        earlyResponses = errors(service, "early_response");
        retries = Counter.builder("gateway.upstream.retries")
                .description("Requests that were repeated on a fresh connection")
                .tag("service", service)
                .register(meters);
        gauges = List.of(
                connections(service, target, "active", TargetLedger::active),
                connections(service, target, "idle", TargetLedger::idle),
                connections(service, target, "waiting", ledger -> ledger.waiting.get()));
    }

    private Counter errors(String service, String cause) {
        return Counter.builder("gateway.upstream.errors")
                .description("What went wrong with services")
                .tag("service", service)
                .tag("cause", cause)
                .register(meters);
    }

    private Gauge connections(String service, Target target, String state, ToDoubleFunction<TargetLedger> value) {
        return Gauge.builder("gateway.upstream.connections", this, value)
                .description("Connections to services, and calls that wait for one")
                .tag("service", service)
                .tag("target", target.label())
                .tag("state", state)
                .register(meters);
    }

    void add(TargetPool pool) {
        pools.add(pool);
    }

    /** Returns whether the last pool has left. */
    boolean remove(TargetPool pool) {
        pools.remove(pool);
        if (!pools.isEmpty()) {
            return false;
        }
        gauges.forEach(meters::remove);
        return true;
    }

    /** Takes a permit for one connection. */
    boolean tryOpen(int limit) {
        int count = open.get();
        while (count < limit) {
            if (open.compareAndSet(count, count + 1)) {
                return true;
            }
            count = open.get();
        }
        return false;
    }

    /** Gives a permit back. */
    void closed() {
        open.decrementAndGet();
        if (waiting.get() > 0) {
            pools.forEach(TargetPool::wake);
        }
    }

    boolean tryWait(int limit) {
        if (waiting.incrementAndGet() <= limit) {
            return true;
        }
        waiting.decrementAndGet();
        return false;
    }

    void stoppedWaiting() {
        waiting.decrementAndGet();
    }

    boolean isAnyoneWaiting() {
        return waiting.get() > 0;
    }

    /** Asks the other loops to close an idle connection. */
    void askForRoom(TargetPool asker) {
        for (TargetPool pool : pools) {
            if (pool != asker && pool.idleCount() > 0) {
                pool.askForRoom();
            }
        }
    }

    void count(UpstreamFault fault) {
        Counter counter = faults.get(fault);
        if (counter != null) {
            counter.increment();
        }
    }

    void countRetry() {
        retries.increment();
    }

    void countSurplus() {
        surplus.increment();
    }

    void countEarlyResponse() {
        earlyResponses.increment();
    }

    private int idle() {
        return pools.stream().mapToInt(TargetPool::idleCount).sum();
    }

    private int active() {
        return Math.max(0, open.get() - idle());
    }
}
