package dev.gatehouse.policies.introspect.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs something a little later: the pause before a retry, the end of a wait in a queue. */
@FunctionalInterface
interface Timer {
    /** On the JDK's timer thread; tasks are short and never block. */
    Timer SYSTEM =
            (delay, task) -> CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(task);

    void after(Duration delay, Runnable task);
}
