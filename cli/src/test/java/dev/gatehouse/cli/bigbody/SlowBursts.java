package dev.gatehouse.cli.bigbody;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A peer that runs at full speed and then stands still, again and again: what it does not take while it stands fills
 * every buffer before it. One thread.
 */
final class SlowBursts {
    private static final long BURST = 32L << 20;
    private static final Duration STANDSTILL = Duration.ofMillis(150);

    private long untilStandstill;

    /** @param first bytes before the first standstill, so that two peers do not stand still together */
    SlowBursts(long first) {
        untilStandstill = first;
    }

    static SlowBursts early() {
        return new SlowBursts(BURST / 4);
    }

    static SlowBursts late() {
        return new SlowBursts(3 * BURST / 4);
    }

    void moved(int bytes) {
        untilStandstill -= bytes;
        if (untilStandstill <= 0) {
            untilStandstill += BURST;
            LockSupport.parkNanos(STANDSTILL.toNanos());
        }
    }
}
