package dev.gatehouse.policies.introspect.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * Keeps repetitions from becoming a load of their own: within ten seconds there are at most so many for each call, and
 * always one in each second, so that a quiet gateway can repeat too. Safe on any thread; never waits.
 *
 * <p>Each second has a bucket with its number, its calls and its repetitions in one long. A repetition is counted first
 * and taken back when it was one too many, so that threads that ask together cannot exceed the bound.
 */
final class RetryBudget {
    private static final int SECONDS = 10;
    private static final int COUNT_BITS = 16;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
    private static final long ONE_CALL = 1L << COUNT_BITS;

    private final double ratio;
    private final LongSupplier ticker;
    private final long origin;
    private final AtomicLongArray buckets = new AtomicLongArray(SECONDS);

    /** @param ratio repetitions for each call, 0 to 1 */
    RetryBudget(double ratio, LongSupplier ticker) {
        this.ratio = ratio;
        this.ticker = ticker;
        origin = ticker.getAsLong();
    }

    /** Counts a call that is no repetition. */
    void called() {
        add(second(), ONE_CALL);
    }

    /** Whether one more repetition may be made; then it counts. */
    boolean take() {
        long second = second();
        long now = add(second, 1);
        if ((now & COUNT_MASK) == 1) {
            return true;
        }
        long calls = 0;
        long repetitions = 0;
        for (int i = 0; i < SECONDS; i++) {
            long bucket = buckets.get(i);
            if (second - (bucket >>> (2 * COUNT_BITS)) < SECONDS) {
                calls += (bucket >>> COUNT_BITS) & COUNT_MASK;
                repetitions += bucket & COUNT_MASK;
            }
        }
        if (repetitions <= ratio * calls) {
            return true;
        }
        buckets.updateAndGet(index(second), bucket -> isOf(second, bucket) ? bucket - 1 : bucket);
        return false;
    }

    private long add(long second, long what) {
        return buckets.updateAndGet(index(second), bucket -> {
            long current = isOf(second, bucket) ? bucket : second << (2 * COUNT_BITS);
            boolean full =
                    ((current >>> COUNT_BITS) & COUNT_MASK) == COUNT_MASK || (current & COUNT_MASK) == COUNT_MASK;
            return full ? current : current + what;
        });
    }

    private static boolean isOf(long second, long bucket) {
        return bucket >>> (2 * COUNT_BITS) == second;
    }

    private static int index(long second) {
        return (int) (second % SECONDS);
    }

    /** 1 to 2^32 - 1; 0 is an empty bucket. */
    private long second() {
        return (TimeUnit.NANOSECONDS.toSeconds(ticker.getAsLong() - origin) + SECONDS) & 0xffff_ffffL;
    }
}
