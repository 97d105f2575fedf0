package dev.gatehouse.policies.introspect.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** One call under way and all that wait for it. Always completes normally. Safe on any thread. */
final class Flight extends CompletableFuture<Introspection> {
    private final AtomicInteger waiters = new AtomicInteger(1);

    /** Whether one more may wait. */
    boolean admits(int maxWaiters) {
        return waiters.getAndIncrement() < maxWaiters;
    }
}
