package dev.gatehouse.policies.introspect.report;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The meters of one authorization server, resolved once. Tags come from the configuration only, so that no client can
 * create a time series. Safe on any thread.
 */
public final class ServerMeters {
    /** How a call to the server ended. */
    public enum Outcome {
        ACTIVE,
        INACTIVE,
        ERROR,
        TIMEOUT,
        REJECTED
    }

    /** How a look into the cache ended. */
    public enum Lookup {
        HIT,
        MISS,
        NEGATIVE,
        STALE,
        EXPIRED
    }

    /**
     * What the meters say, for those who do not scrape them.
     *
     * @param calls ended calls by outcome, in the order of {@link Outcome}
     * @param meanMillis of all calls; 0 before the first
     * @param maxMillis of the calls of the last minutes
     * @param hitRatio share of the looks that needed no call; NaN before the first
     */
    public record Totals(Map<Outcome, Long> calls, double meanMillis, double maxMillis, double hitRatio) {
        public long all() {
            return calls.values().stream().mapToLong(Long::longValue).sum();
        }

        /** Calls that did not tell anything about a token. */
        public long errors() {
            return calls.getOrDefault(Outcome.ERROR, 0L) + calls.getOrDefault(Outcome.TIMEOUT, 0L);
        }
    }

    private static final String PREFIX = "gateway.introspection.";

    public final Timer duration;

    /** Seconds that tokens still had when they were seen for the first time. */
    public final DistributionSummary remaining;

    public final Counter joined;
    public final Counter credentialsRefused;
    private final Map<Outcome, Counter> requests = new EnumMap<>(Outcome.class);
    private final Map<Lookup, Counter> lookups = new EnumMap<>(Lookup.class);
    private final Map<Outcome, Counter> refreshes = new EnumMap<>(Outcome.class);
    private final Map<Cause, Counter> refused = new EnumMap<>(Cause.class);
    private final Map<Cause, Counter> retries = new EnumMap<>(Cause.class);
    private final Map<String, Counter> purged = new HashMap<>();
    private final Map<String, Counter> evictions = new HashMap<>();
    private final MeterRegistry registry;
    private final Tags server;
    private final List<Meter> gauges = new ArrayList<>();

    public ServerMeters(MeterRegistry registry, String alias) {
        this.registry = registry;
        server = Tags.of("server", alias);
        for (Outcome outcome : Outcome.values()) {
            requests.put(outcome, counter("requests", server.and("outcome", lower(outcome))));
            refreshes.put(outcome, counter("refreshes", server.and("outcome", lower(outcome))));
        }
        for (Lookup lookup : Lookup.values()) {
            lookups.put(lookup, counter("cache.lookups", server.and("result", lower(lookup), "level", "local")));
        }
        for (Cause cause : List.of(Cause.BULKHEAD, Cause.BREAKER, Cause.WAITERS)) {
            refused.put(cause, counter("refused", server.and("reason", cause.tag())));
        }
        for (Cause cause :
                List.of(Cause.REFUSED, Cause.STATUS, Cause.DNS, Cause.CONNECT_TIMEOUT, Cause.TLS, Cause.RESET)) {
            retries.put(cause, counter("retries", server.and("reason", cause.tag())));
        }
        for (String store : List.of("positive", "negative")) {
            Tags stored = server.and("store", store);
            purged.put(store, counter("cache.purged", stored));
            for (String cause : List.of("size", "expired")) {
                evictions.put(store + cause, counter("cache.evictions", stored.and("cause", cause)));
            }
        }
        joined = counter("joined", server);
        credentialsRefused = counter("credentials.refused", server);
        remaining = DistributionSummary.builder(PREFIX + "token.remaining")
                .baseUnit("seconds")
                .tags(server)
                .register(registry);
        duration = Timer.builder(PREFIX + "duration")
                .tags(server)
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(10))
                .publishPercentileHistogram()
                .register(registry);
    }

    public void request(Outcome outcome) {
        increment(requests, outcome);
    }

    /** The end of a call that no request waited for; it is counted as a call as well. */
    public void refresh(Outcome outcome) {
        increment(refreshes, outcome);
    }

    public void lookup(Lookup lookup) {
        increment(lookups, lookup);
    }

    /** A request that was refused without a call; other causes are counted as calls. */
    public void refused(Cause cause) {
        increment(refused, cause);
    }

    public void retry(Cause cause) {
        increment(retries, cause);
    }

    public void purged(String store, int entries) {
        Counter counter = purged.get(store);
        if (counter != null) {
            counter.increment(entries);
        }
    }

    public void evicted(String store, String cause) {
        increment(evictions, store + cause);
    }

    public Totals totals() {
        Map<Outcome, Long> calls = new EnumMap<>(Outcome.class);
        requests.forEach((outcome, counter) -> calls.put(outcome, (long) counter.count()));
        double looks = 0;
        for (Lookup lookup : List.of(Lookup.HIT, Lookup.NEGATIVE, Lookup.MISS, Lookup.EXPIRED)) {
            looks += count(lookup);
        }
        return new Totals(
                calls,
                duration.mean(TimeUnit.MILLISECONDS),
                duration.max(TimeUnit.MILLISECONDS),
                (count(Lookup.HIT) + count(Lookup.NEGATIVE)) / looks);
    }

    private double count(Lookup lookup) {
        Counter counter = lookups.get(lookup);
        return counter == null ? 0 : counter.count();
    }

    /** Registers a gauge that lives until {@link #close}. */
    public <T> void gauge(String name, Tags more, T source, ToDoubleFunction<T> value) {
        gauges.add(Gauge.builder(PREFIX + name, source, value)
                .tags(server.and(more))
                .strongReference(true)
                .register(registry));
    }

    /** Takes the gauges back; counters keep their totals for a server of the same name. */
    public void close() {
        gauges.forEach(registry::remove);
    }

    private static <K> void increment(Map<K, Counter> counters, K key) {
        Counter counter = counters.get(key);
        if (counter != null) {
            counter.increment();
        }
    }

    private Counter counter(String name, Tags tags) {
        return Counter.builder(PREFIX + name).tags(tags).register(registry);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
