package dev.gatehouse.policies.introspect.cache;

import dev.gatehouse.policies.introspect.answer.Introspection.Active;
import dev.gatehouse.policies.introspect.answer.TokenFacts;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * An active answer that is kept, and when to ask again for it. Everything but the times of the refresh is fixed when the
 * entry is made. Safe on any thread.
 */
public final class Entry {
    private static final AtomicLongFieldUpdater<Entry> NEXT_REFRESH =
            AtomicLongFieldUpdater.newUpdater(Entry.class, "nextRefresh");
    private static final long FIRST_PAUSE = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(10);

    private final TokenKey key;
    private final Active active;
    private final double draw;
    private final long untilEndNanos;
    private final boolean lastRefresh;
    private final ClaimIndex.Place[] places;
    private volatile long nextRefresh;

    /** Written only by whoever has claimed the refresh. */
    private volatile long pause = FIRST_PAUSE;

    /**
     * @param draw share of the jitter that this entry has drawn, 0 to 1
     * @param nowMillis wall clock, for the time that is left until the token's end
     * @param lastRefresh whether a refresh brought this answer without a later end: another one would not either
     */
    Entry(TokenKey key, Active active, double draw, long nowMillis, boolean lastRefresh) {
        this.key = key;
        this.active = active;
        this.draw = draw;
        this.lastRefresh = lastRefresh;
        long expiresAt = active.facts().expiresAt();
        untilEndNanos = expiresAt == TokenFacts.NO_END
                ? Long.MAX_VALUE
                : TimeUnit.MILLISECONDS.toNanos(Math.max(0, expiresAt - nowMillis));
        places = ClaimIndex.places(this);
        nextRefresh = active.receivedNanos();
    }

    public TokenKey key() {
        return key;
    }

    public Active active() {
        return active;
    }

    /** Monotonic time from the answer to the token's end; {@link Long#MAX_VALUE} = it has none. */
    long untilEndNanos() {
        return untilEndNanos;
    }

    ClaimIndex.Place[] places() {
        return places;
    }

    /** Whether the answer is young enough; the token's own end is for the wall clock. */
    boolean isWithin(Reuse reuse, long now) {
        return now - active.receivedNanos() < reuse.lifeNanos(draw);
    }

    /** The same with the time for which an unreachable server is forgiven. */
    boolean isWithinStale(Reuse reuse, long now) {
        long life = reuse.lifeNanos(draw);
        long sum = life + reuse.staleNanos();
        return life > 0 && now - active.receivedNanos() < (sum < 0 ? Long.MAX_VALUE : sum);
    }

    /**
     * Whether it is time to ask again, and the caller is who does it: true for one caller only, until
     * {@link #refreshFailed} or {@link #refreshLater}.
     */
    public boolean claimRefresh(Reuse reuse, long now) {
        long life = reuse.lifeNanos(draw);
        boolean endsWithToken = untilEndNanos <= life;
        if (endsWithToken) {
            life = untilEndNanos;
        }
        if (life == Long.MAX_VALUE || (endsWithToken && lastRefresh)) {
            return false;
        }
        long next = nextRefresh;
        return now - active.receivedNanos() >= (long) (life * reuse.refreshAhead())
                && now - next >= 0
                && NEXT_REFRESH.compareAndSet(this, next, now + Long.MAX_VALUE / 2);
    }

    /** Asking failed: the next attempt waits a second, then twice as long each time, up to ten. */
    public void refreshFailed(long now) {
        long wait = pause;
        pause = Math.min(2 * wait, LONGEST_PAUSE);
        nextRefresh = now + wait;
    }

    /** Nobody could ask just now. */
    public void refreshLater(long now, long nanos) {
        nextRefresh = now + nanos;
    }
}
