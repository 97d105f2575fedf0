package dev.gatehouse.policies.introspect.cache;

import dev.gatehouse.policies.introspect.answer.Introspection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** One call under way and all that wait for it. Always completes normally. Safe on any thread. */
public final class Flight extends CompletableFuture<Introspection> {
    private final AtomicInteger waiters = new AtomicInteger(1);

    /** Whether one more may wait. */
    public boolean admits(int maxWaiters) {
        return waiters.getAndIncrement() < maxWaiters;
    }
}
