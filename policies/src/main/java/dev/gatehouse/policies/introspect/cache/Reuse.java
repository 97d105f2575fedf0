package dev.gatehouse.policies.introspect.cache;

/**
 * How old an answer may be for the policy that asks.
 *
 * @param activeNanos age below which an active answer is used again; 0 = never, {@link Long#MAX_VALUE} = until its end
 * @param inactiveNanos the same for an inactive answer
 * @param maxWaiters requests that may wait for one call
 */
public record Reuse(long activeNanos, long inactiveNanos, int maxWaiters) {}
