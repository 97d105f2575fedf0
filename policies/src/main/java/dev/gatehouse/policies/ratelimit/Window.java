package dev.gatehouse.policies.ratelimit;

import java.util.concurrent.atomic.AtomicLong;

/** The hits of one client in one window. Written and read by any event loop; each step is one atomic operation. */
final class Window {
    private final AtomicLong hits = new AtomicLong();
    private final long resetSeconds;

    /** A window without hits that ends at {@code resetSeconds} of the epoch. */
    Window(long resetSeconds) {
        this.resetSeconds = resetSeconds;
    }

    /** Counts a hit and tells which one it is; the first is 1. */
    long hit() {
        return hits.incrementAndGet();
    }

    /** Takes a hit back. A window that is over in the meantime is no longer asked, so nothing is lost or won by it. */
    void giveBack() {
        hits.decrementAndGet();
    }

    /** When it ends, in whole seconds of the epoch, rounded up. */
    long resetSeconds() {
        return resetSeconds;
    }
}
