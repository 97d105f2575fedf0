package dev.gatehouse.policies.introspect.cache;

/**
 * How old an answer may be for the request that asks, and what happens around that age.
 *
 * @param activeNanos age below which an active answer is used again; 0 = never, {@link Long#MAX_VALUE} = until its end
 * @param inactiveNanos the same for an inactive answer
 * @param staleNanos how much older an active answer may be while the server cannot be asked
 * @param jitter largest share by which the life of an entry is shortened, 0 to 1; each entry draws its own once
 * @param refreshAhead share of an entry's life after which a hit asks again in the background; 0 = never
 * @param maxWaiters requests that may wait for one call
 * @param joinsAlways whether a request that takes no older answer may still share a call that began before it
 */
public record Reuse(
        long activeNanos,
        long inactiveNanos,
        long staleNanos,
        double jitter,
        double refreshAhead,
        int maxWaiters,
        boolean joinsAlways) {
    /** Without jitter, refresh and stale answers. */
    public Reuse(long activeNanos, long inactiveNanos, int maxWaiters) {
        this(activeNanos, inactiveNanos, 0, 0, 0, maxWaiters, true);
    }

    /** The same, but no answer may be older than {@code nanos}, not even while the server is down when it is 0. */
    public Reuse within(long nanos) {
        return new Reuse(
                Math.min(activeNanos, nanos),
                Math.min(inactiveNanos, nanos),
                nanos == 0 ? 0 : staleNanos,
                jitter,
                refreshAhead,
                maxWaiters,
                joinsAlways);
    }

    /** Age at which the answer is of no more use, whatever happens. */
    public long longestNanos() {
        long sum = activeNanos + staleNanos;
        return activeNanos == 0 ? 0 : sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** Whether a call under way may be shared: one that began before the request demands nothing newer. */
    boolean joins() {
        return joinsAlways || activeNanos > 0;
    }

    /** {@link #activeNanos} as it applies to an entry with this draw from 0 to 1. */
    long lifeNanos(double draw) {
        return jitter == 0 || activeNanos == Long.MAX_VALUE
                ? activeNanos
                : activeNanos - (long) (activeNanos * jitter * draw);
    }
}
