package dev.gatehouse.policies.introspect;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * How long a revoked token can pass in each pipeline, published as a gauge.
 *
 * <p>While requests still run on a configuration that was replaced, the longest delay of all that are in use counts. A
 * configuration that is refused gives its share back and leaves no trace. Opened and closed by control threads, read by
 * whoever scrapes.
 */
final class RevocationDelays {
    private final Map<String, List<Share>> shares = new ConcurrentHashMap<>();

    /** What equal policies of one pipeline share; see {@code PolicyContext.shared}. */
    record Key(String pipeline, String server, double seconds) {}

    /** Counts until it is closed. */
    final class Share implements AutoCloseable {
        private final MeterRegistry meters;
        private final Key key;
        private final Gauge gauge;

        private Share(MeterRegistry meters, Key key, Gauge gauge) {
            this.meters = meters;
            this.key = key;
            this.gauge = gauge;
        }

        @Override
        public void close() {
            shares.computeIfPresent(key.pipeline(), (pipeline, open) -> {
                open.remove(this);
                if (!open.isEmpty()) {
                    return open;
                }
                meters.remove(gauge);
                return null;
            });
        }
    }

    /** Adds a delay to those of its pipeline. */
    Share open(MeterRegistry meters, Key key) {
        Gauge gauge = Gauge.builder("gateway.introspection.revocation.delay", this, all -> all.longest(key.pipeline()))
                .tag("pipeline", key.pipeline())
                .baseUnit("seconds")
                .strongReference(true)
                .register(meters);
        Share share = new Share(meters, key, gauge);
        shares.computeIfAbsent(key.pipeline(), pipeline -> new CopyOnWriteArrayList<>())
                .add(share);
        return share;
    }

    /** The longest of all pipelines that use the server; NaN when none does. */
    double longestOf(String server) {
        return shares.values().stream()
                .flatMap(List::stream)
                .filter(share -> share.key.server().equals(server))
                .mapToDouble(share -> share.key.seconds())
                .max()
                .orElse(Double.NaN);
    }

    private double longest(String pipeline) {
        return shares.getOrDefault(pipeline, List.of()).stream()
                .mapToDouble(share -> share.key.seconds())
                .max()
                .orElse(Double.NaN);
    }
}
