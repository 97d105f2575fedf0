package dev.gatehouse.policies.introspect.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.gatehouse.policies.introspect.answer.Introspection;
import dev.gatehouse.policies.introspect.answer.Introspection.Active;
import dev.gatehouse.policies.introspect.answer.Introspection.Inactive;
import dev.gatehouse.policies.introspect.answer.Introspection.Unavailable;
import dev.gatehouse.policies.introspect.answer.TokenFacts;
import dev.gatehouse.policies.introspect.cache.Flight.Purpose;
import dev.gatehouse.policies.introspect.report.Cause;
import dev.gatehouse.policies.introspect.report.ServerMeters;
import dev.gatehouse.policies.introspect.report.ServerMeters.Lookup;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The answers of one authorization server, and the calls that will bring one.
 *
 * <p>Calls under way and answers are two maps. Whoever enters a call looks once more for an answer afterwards, and a call
 * puts its answer down before it leaves, both in one atomic step of its key: so there is no moment in which a second call
 * could start. An entry stays while a call for it is under way, which lets a refresh replace it unseen and an outage
 * leave it in place.
 *
 * <p>A purge first takes the calls out, then the entries. A call that is no longer in the map cannot put down its answer,
 * and nobody joins it any more: the tombstone that specifications ask for, without a time that it could outlive.
 * Inactive answers have a store of their own, so that random tokens push out no good one.
 *
 * <p>An entry is kept for the longest use of all policies and to the token's own end, whichever is first; each reader
 * applies its own {@code ttl} and compares the token's end with the wall clock again, because the monotonic clock of the
 * store does not notice a clock that was set. Safe on any thread; never waits.
 */
public final class TokenCache {
    /** Bounds of the two stores. */
    public record Settings(int maxEntries, long maxBytes, int maxAnswerBytes, int negativeMaxEntries) {}

    /** Map, key and object headers of an entry; its texts cost about twice their length in the answer. */
    private static final int ENTRY_BYTES = 600;

    private final ConcurrentHashMap<TokenKey, Flight> flights = new ConcurrentHashMap<>();
    private final Cache<TokenKey, Entry> entries;
    private final Cache<TokenKey, Inactive> inactive;
    private final ClaimIndex index = new ClaimIndex();
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
        entries = Caffeine.newBuilder()
                .ticker(ticker::getAsLong)
                .maximumWeight(settings.maxBytes())
                .weigher((TokenKey key, Entry entry) -> Math.max(least, weight(entry)))
                // Fixed when the answer arrives: neither a hit nor a second look makes an entry live longer.
                .expireAfter(Expiry.<TokenKey, Entry>writing((key, entry) -> lifetime(entry)))
                .removalListener((@Nullable TokenKey key, @Nullable Entry entry, RemovalCause cause) -> {
                    if (entry != null) {
                        index.remove(entry);
                    }
                    evicted("positive", cause);
                })
                .build();
        inactive = Caffeine.newBuilder()
                .ticker(ticker::getAsLong)
                .maximumSize(settings.negativeMaxEntries())
                .expireAfter(Expiry.<TokenKey, Inactive>writing((key, value) -> Duration.ofNanos(inactiveNanos.get())))
                .removalListener((@Nullable TokenKey key, @Nullable Inactive value, RemovalCause cause) ->
                        evicted("negative", cause))
                .build();
        registerGauges();
    }

    /** Keeps entries long enough for a policy that reuses them so. */
    public void retain(Reuse reuse) {
        retentionNanos.accumulateAndGet(reuse.longestNanos(), Math::max);
        inactiveNanos.accumulateAndGet(reuse.inactiveNanos(), Math::max);
    }

    /** The active answer that needs no call, or null; then {@link #inactive} is the next to look at. */
    public @Nullable Entry fresh(TokenKey key, Reuse reuse) {
        Entry entry = entries.getIfPresent(key);
        if (entry == null || !isFresh(entry, reuse)) {
            return null;
        }
        meters.lookup(Lookup.HIT);
        return entry;
    }

    /** The inactive answer that needs no call, or null: a call must be made. */
    public @Nullable Inactive inactive(TokenKey key, Reuse reuse) {
        Inactive negative = refusal(key, reuse);
        if (negative != null) {
            meters.lookup(Lookup.NEGATIVE);
        } else {
            meters.lookup(entries.getIfPresent(key) == null ? Lookup.MISS : Lookup.EXPIRED);
        }
        return negative;
    }

    /**
     * The answer to go on with while the server cannot be asked, or null: never one beyond the token's end, and none
     * that was purged or contradicted.
     */
    public @Nullable Active stale(TokenKey key, Reuse reuse) {
        Entry entry = reuse.staleNanos() == 0 ? null : entries.getIfPresent(key);
        if (entry == null || !entry.isWithinStale(reuse, ticker.getAsLong()) || isOver(entry.active())) {
            return null;
        }
        meters.lookup(Lookup.STALE);
        return entry.active();
    }

    /**
     * The call for a key: the one under way, or a new one that {@code start} begins.
     *
     * @param start gets the new flight and makes sure that {@link #land} is called with it once
     */
    public CompletableFuture<Introspection> fly(TokenKey key, Reuse reuse, Consumer<Flight> start) {
        Flight mine = new Flight(Purpose.REQUEST);
        while (true) {
            Flight current = flights.putIfAbsent(key, mine);
            if (current == null) {
                Introspection landed = landed(key, reuse);
                if (landed != null && mine.withdraw()) {
                    flights.remove(key, mine);
                    return CompletableFuture.completedFuture(landed);
                }
                start.accept(mine);
                return mine;
            }
            if (!reuse.joins()) {
                Flight alone = new Flight(Purpose.ALONE);
                start.accept(alone);
                return alone;
            }
            switch (current.admit(reuse.maxWaiters())) {
                case ADMITTED -> {
                    meters.joined.increment();
                    return current;
                }
                case FULL -> {
                    meters.refused(Cause.WAITERS);
                    return CompletableFuture.completedFuture(new Unavailable(Cause.WAITERS, 1));
                }
                case WITHDRAWN -> Thread.onSpinWait(); // its owner is about to take it out
            }
        }
    }

    /** A flight for a refresh, to be landed like any other; null when a call for the key is under way. */
    public @Nullable Flight refresh(TokenKey key) {
        Flight mine = new Flight(Purpose.REFRESH);
        return flights.putIfAbsent(key, mine) == null ? mine : null;
    }

    /** Ends a flight: keeps what may be kept, then completes all who wait. */
    public void land(TokenKey key, Flight flight, Introspection answer) {
        if (flight.purpose() == Purpose.ALONE) {
            if (!(answer instanceof Active || answer instanceof Unavailable)) {
                purge(key); // the call beside it began earlier and must not bring the token back
            }
        } else {
            flights.computeIfPresent(key, (k, current) -> {
                if (current != flight) {
                    return current;
                }
                keep(key, flight, answer);
                return null;
            });
        }
        flight.complete(answer);
    }

    /** Forgets a token; a call for it that is under way can no longer store its answer. Returns how many entries went. */
    public int purge(TokenKey key) {
        flights.remove(key);
        int active = entries.asMap().remove(key) == null ? 0 : 1;
        int negative = inactive.asMap().remove(key) == null ? 0 : 1;
        meters.purged("positive", active);
        meters.purged("negative", negative);
        return active + negative;
    }

    /**
     * Forgets the active answers whose member {@code claim}, one of {@code sub}, {@code client_id}, {@code jti} and
     * {@code sid}, is the text {@code value}. Calls under way may bring such an answer, which was given before the
     * purge: none of them can store it.
     */
    public int purge(String claim, String value) {
        abandonFlights();
        int count = 0;
        for (Entry entry : index.find(claim, value)) {
            if (entries.asMap().remove(entry.key(), entry)) {
                count++;
            }
        }
        meters.purged("positive", count);
        return count;
    }

    /** Forgets everything. */
    public int purgeAll() {
        abandonFlights();
        int active = 0;
        for (TokenKey key : entries.asMap().keySet()) {
            active += entries.asMap().remove(key) == null ? 0 : 1;
        }
        int negative = 0;
        for (TokenKey key : inactive.asMap().keySet()) {
            negative += inactive.asMap().remove(key) == null ? 0 : 1;
        }
        // The views leave out what is over but not yet swept out, which would be counted as an entry until then.
        entries.invalidateAll();
        inactive.invalidateAll();
        meters.purged("positive", active);
        meters.purged("negative", negative);
        return active + negative;
    }

    /** Not {@code clear()}: while the table of the map grows, it passes over calls that were there before. */
    private void abandonFlights() {
        for (TokenKey key : flights.keySet()) {
            flights.remove(key);
        }
    }

    public long entries() {
        return entries.estimatedSize();
    }

    public long inactiveEntries() {
        return inactive.estimatedSize();
    }

    /** Bytes that the active answers are taken to need. */
    public long bytes() {
        return entries.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
    }

    /** Different values in the index of claims. */
    long indexedValues() {
        return index.values();
    }

    /** What a call that ended a moment ago has left. */
    private @Nullable Introspection landed(TokenKey key, Reuse reuse) {
        Entry entry = reuse.activeNanos() == 0 ? null : entries.getIfPresent(key);
        return entry != null && isFresh(entry, reuse) ? entry.active() : refusal(key, reuse);
    }

    private @Nullable Inactive refusal(TokenKey key, Reuse reuse) {
        Inactive negative = reuse.inactiveNanos() == 0 ? null : inactive.getIfPresent(key);
        boolean young = negative != null && ticker.getAsLong() - negative.receivedNanos() < reuse.inactiveNanos();
        return young ? negative : null;
    }

    /** What an answer means for the stores. */
    private void keep(TokenKey key, Flight flight, Introspection answer) {
        if (answer instanceof Unavailable) {
            return; // says nothing about the token: what is known stays
        }
        Entry known = entries.getIfPresent(key);
        if (answer instanceof Active active) {
            boolean refreshed = flight.purpose() == Purpose.REFRESH;
            if (known == null && active.facts().expiresAt() < TokenFacts.NO_END - 1) {
                meters.remaining.record(Math.max(0, active.facts().expiresAt() - clock.millis()) / 1000.0);
            }
            if (isStorable(active, refreshed)) {
                boolean last = refreshed
                        && known != null
                        && active.facts().expiresAt() <= known.active().facts().expiresAt();
                store(new Entry(key, active, ThreadLocalRandom.current().nextDouble(), clock.millis(), last));
                return;
            }
        } else if (answer instanceof Inactive negative && inactiveNanos.get() > 0) {
            inactive.put(key, negative);
        }
        entries.invalidate(key);
    }

    private void store(Entry entry) {
        inactive.invalidate(entry.key());
        // First the index: what can be found in the cache can be purged by its claims.
        index.add(entry);
        entries.put(entry.key(), entry);
    }

    private boolean isFresh(Entry entry, Reuse reuse) {
        return entry.isWithin(reuse, ticker.getAsLong()) && !isOver(entry.active());
    }

    private boolean isOver(Active active) {
        return clock.millis() >= active.facts().expiresAt();
    }

    /** A refresh is asked for by the gateway alone, so that a question sent twice does not matter there. */
    private boolean isStorable(Active active, boolean refreshed) {
        return (active.firstTry() || refreshed)
                && retentionNanos.get() > 0
                && active.bytes() <= settings.maxAnswerBytes()
                && !isOver(active);
    }

    private Duration lifetime(Entry entry) {
        return Duration.ofNanos(Math.min(retentionNanos.get(), entry.untilEndNanos()));
    }

    private static int weight(Entry entry) {
        return ENTRY_BYTES + 2 * entry.active().bytes() + ClaimIndex.PLACE_BYTES * entry.places().length;
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
}
