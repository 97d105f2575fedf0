package dev.gatehouse.transport;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Finds out whether every event loop of the traffic still turns. Safe on any thread. */
public final class LoopProbe {
    private static final Duration DEADLINE = Duration.ofSeconds(1);

    private final EventLoopGroup loops;

    public LoopProbe(EventLoopGroup loops) {
        this.loops = loops;
    }

    /** Completes within a second: true when each loop ran a task in that time. */
    public CompletionStage<Boolean> turning() {
        CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
        try {
            for (EventExecutor loop : loops) {
                all = CompletableFuture.allOf(all, CompletableFuture.runAsync(() -> {}, loop));
            }
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(false);
        }
        return all.thenApply(done -> true)
                .completeOnTimeout(false, DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failed -> false);
    }
}
