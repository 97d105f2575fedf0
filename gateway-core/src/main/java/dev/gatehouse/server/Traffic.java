package dev.gatehouse.server;

import java.util.concurrent.atomic.LongAdder;

/** How many requests run and how many are over. Counted by the event loops, read by the control thread. */
public final class Traffic {
    private final LongAdder started = new LongAdder();
    private final LongAdder finished = new LongAdder();

    void start() {
        started.increment();
    }

    void finish() {
        finished.increment();
    }

    /** Requests under way; exact once nothing new begins. */
    public long inFlight() {
        // Finished first: a request that ends in between must not make the difference negative.
        long over = finished.sum();
        return Math.max(started.sum() - over, 0);
    }

    /** Requests that are over since the start. */
    public long finished() {
        return finished.sum();
    }
}
