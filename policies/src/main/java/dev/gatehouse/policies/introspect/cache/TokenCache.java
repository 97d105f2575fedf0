package dev.gatehouse.policies.introspect.cache;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.gatehouse.policies.introspect.answer.Introspection;
import dev.gatehouse.policies.introspect.answer.Introspection.Active;
import dev.gatehouse.policies.introspect.answer.Introspection.Inactive;
import dev.gatehouse.policies.introspect.answer.Introspection.Unavailable;
import dev.gatehouse.policies.introspect.answer.TokenFacts;
import dev.gatehouse.policies.introspect.report.Cause;
import dev.gatehouse.policies.introspect.report.ServerMeters;
import dev.gatehouse.policies.introspect.report.ServerMeters.Lookup;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The answers of one authorization server, and the calls that will bring one.
 *
 * <p>One map holds both: a key leads to a {@link Flight}, under way or done. Joining a call and finding its answer are
 * the same look, so there is no moment in which a second call could start. What may not be kept (inactive, failed,
 * already over) is taken out of the map before its flight completes. A purge takes the flight out of the map as well,
 * under way or done; a flight that is no longer in the map cannot put its answer there, which is the tombstone that
 * specifications ask for. Inactive answers go to a map of their own, so that random tokens push out no good one.
 *
 * <p>An entry ends at the longest {@code ttl} of all policies and at the token's own end, whichever is first; each
 * reader applies its own {@code ttl} and compares the token's end with the wall clock again, because the monotonic
 * clock of the map does not notice a clock that was set. Safe on any thread; never waits.
 */
public final class TokenCache {
    /** Bounds of the two stores. */
    public record Settings(int maxEntries, long maxBytes, int maxAnswerBytes, int negativeMaxEntries) {}

    /** Map, key and object headers of an entry; its texts cost about twice their length in the answer. */
    private static final int ENTRY_BYTES = 600;

    private final AsyncCache<TokenKey, Introspection> flights;
    private final ConcurrentMap<TokenKey, CompletableFuture<Introspection>> map;
    private final Cache<TokenKey, Inactive> inactive;
    private final AtomicLong retentionNanos = new AtomicLong();
    private final AtomicLong inactiveNanos = new AtomicLong();
    private final Settings settings;
    private final LongSupplier ticker;
    private final InstantSource clock;
    private final ServerMeters meters;

    public TokenCache(Settings settings, LongSupplier ticker, InstantSource clock, ServerMeters meters) {
        this.settings = settings;
        this.ticker = ticker;
        this.clock = clock;
        this.meters = meters;
        // Caffeine bounds either entries or weight: a least weight per entry makes one bound out of the two.
        int least = (int) Math.max(1, settings.maxBytes() / Math.max(1, settings.maxEntries()));
        flights = Caffeine.newBuilder()
                .ticker(ticker::getAsLong)
                .maximumWeight(settings.maxBytes())
                .weigher((TokenKey key, Introspection value) -> Math.max(least, weight(value)))
                .expireAfter(new Lifetime())
                .removalListener((@Nullable TokenKey key, @Nullable Introspection value, RemovalCause cause) ->
                        evicted("positive", cause))
                .buildAsync();
        map = flights.asMap();
        inactive = Caffeine.newBuilder()
                .ticker(ticker::getAsLong)
                .maximumSize(settings.negativeMaxEntries())
                .expireAfter(Expiry.<TokenKey, Inactive>creating((key, value) -> Duration.ofNanos(inactiveNanos.get())))
                .removalListener((@Nullable TokenKey key, @Nullable Inactive value, RemovalCause cause) ->
                        evicted("negative", cause))
                .build();
        registerGauges();
    }

    /** Keeps entries long enough for a policy that reuses them so. */
    public void retain(Reuse reuse) {
        retentionNanos.accumulateAndGet(reuse.activeNanos(), Math::max);
        inactiveNanos.accumulateAndGet(reuse.inactiveNanos(), Math::max);
    }

    /** The answer that needs no call, or null. */
    @Nullable
    public Introspection known(TokenKey key, Reuse reuse) {
        CompletableFuture<Introspection> flight = map.get(key);
        boolean expired = false;
        if (flight != null && flight.isDone() && flight.getNow(null) instanceof Active active) {
            if (isFresh(active, reuse)) {
                meters.lookup(Lookup.HIT);
                return active;
            }
            expired = true;
        }
        Inactive negative = reuse.inactiveNanos() == 0 ? null : inactive.getIfPresent(key);
        if (negative != null && ticker.getAsLong() - negative.receivedNanos() < reuse.inactiveNanos()) {
            meters.lookup(Lookup.NEGATIVE);
            return negative;
        }
        meters.lookup(expired ? Lookup.EXPIRED : Lookup.MISS);
        return null;
    }

    /**
     * The call for a key: the one under way, or a new one that {@code start} begins.
     *
     * @param start gets the new flight and makes sure that {@link #land} is called with it once
     */
    public CompletableFuture<Introspection> fly(TokenKey key, Reuse reuse, Consumer<Flight> start) {
        while (true) {
            Flight mine = new Flight();
            CompletableFuture<Introspection> current = flights.get(key, (k, executor) -> mine);
            if (current == mine) {
                start.accept(mine);
                return mine;
            }
            if (!current.isDone()) {
                return join(current, reuse);
            }
            if (current.getNow(null) instanceof Active active && isFresh(active, reuse)) {
                return current;
            }
            map.remove(key, current);
        }
    }

    private CompletableFuture<Introspection> join(CompletableFuture<Introspection> current, Reuse reuse) {
        if (current instanceof Flight flight && !flight.admits(reuse.maxWaiters())) {
            meters.refused(Cause.WAITERS);
            return CompletableFuture.completedFuture(new Unavailable(Cause.WAITERS, 1));
        }
        meters.joined.increment();
        return current;
    }

    /** Ends a flight: keeps what may be kept, then completes all who wait. */
    public void land(TokenKey key, Flight flight, Introspection answer) {
        if (answer instanceof Active active && isStorable(active)) {
            inactive.invalidate(key);
        } else if (answer instanceof Inactive negative && inactiveNanos.get() > 0) {
            map.computeIfPresent(key, (k, current) -> {
                if (current != flight) {
                    return current;
                }
                inactive.put(key, negative);
                return null;
            });
        } else {
            map.remove(key, flight);
        }
        flight.complete(answer);
    }

    /** Forgets a token; a call for it that is under way can no longer store its answer. */
    public int purge(TokenKey key) {
        CompletableFuture<Introspection> removed = map.remove(key);
        Inactive negative = inactive.asMap().remove(key);
        int count = (removed != null && removed.isDone() ? 1 : 0) + (negative != null ? 1 : 0);
        meters.purged("positive", removed != null && removed.isDone() ? 1 : 0);
        meters.purged("negative", negative != null ? 1 : 0);
        return count;
    }

    /**
     * Forgets the active answers that match. Calls under way may bring such an answer, which was given before the
     * purge: none of them can store it. Walks through all entries, so it is not for the event loop of a client.
     */
    public int purge(Predicate<Active> matches) {
        int count = 0;
        for (var entry : map.entrySet()) {
            CompletableFuture<Introspection> flight = entry.getValue();
            boolean landed = flight.isDone();
            if (!landed || (flight.getNow(null) instanceof Active active && matches.test(active))) {
                if (map.remove(entry.getKey(), flight) && landed) {
                    count++;
                }
            }
        }
        meters.purged("positive", count);
        return count;
    }

    /** Forgets everything. */
    public int purgeAll() {
        int count = purge(active -> true);
        int negative = 0;
        for (TokenKey key : inactive.asMap().keySet()) {
            if (inactive.asMap().remove(key) != null) {
                negative++;
            }
        }
        meters.purged("negative", negative);
        return count + negative;
    }

    /** Entries of the positive store, calls under way included. */
    public long entries() {
        return flights.synchronous().estimatedSize();
    }

    public long inactiveEntries() {
        return inactive.estimatedSize();
    }

    private boolean isFresh(Active active, Reuse reuse) {
        return ticker.getAsLong() - active.receivedNanos() < reuse.activeNanos()
                && clock.millis() < active.facts().expiresAt();
    }

    private boolean isStorable(Active active) {
        return active.firstTry()
                && retentionNanos.get() > 0
                && active.bytes() <= settings.maxAnswerBytes()
                && clock.millis() < active.facts().expiresAt();
    }

    private static int weight(Introspection value) {
        return value instanceof Active active ? ENTRY_BYTES + 2 * active.bytes() : ENTRY_BYTES;
    }

    private void evicted(String store, RemovalCause cause) {
        if (cause.wasEvicted()) {
            meters.evicted(store, cause.name().toLowerCase(Locale.ROOT));
        }
    }

    private void registerGauges() {
        Tags positive = Tags.of("store", "positive");
        meters.gauge("cache.entries", positive, this, TokenCache::entries);
        meters.gauge("cache.entries", Tags.of("store", "negative"), this, TokenCache::inactiveEntries);
        meters.gauge("cache.bytes", positive, this, TokenCache::bytes);
    }

    private double bytes() {
        return flights.synchronous()
                .policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
    }

    /** Fixed when the answer arrives: neither a hit nor a second look makes an entry live longer. */
    private final class Lifetime implements Expiry<TokenKey, Introspection> {
        @Override
        public long expireAfterCreate(TokenKey key, Introspection value, long now) {
            if (!(value instanceof Active active)) {
                return 0;
            }
            long expiresAt = active.facts().expiresAt();
            long untilEnd = expiresAt == TokenFacts.NO_END
                    ? Long.MAX_VALUE
                    : TimeUnit.MILLISECONDS.toNanos(Math.max(0, expiresAt - clock.millis()));
            return Math.min(retentionNanos.get(), untilEnd);
        }

        @Override
        public long expireAfterUpdate(TokenKey key, Introspection value, long now, long remaining) {
            return expireAfterCreate(key, value, now);
        }

        @Override
        public long expireAfterRead(TokenKey key, Introspection value, long now, long remaining) {
            return remaining;
        }
    }
}
