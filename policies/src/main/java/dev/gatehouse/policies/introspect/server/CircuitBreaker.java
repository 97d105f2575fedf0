package dev.gatehouse.policies.introspect.server;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Keeps a failing authorization server from being asked again and again.
 *
 * <p>Closed: calls and failures are counted in buckets of a tenth of the window. Enough calls of which enough failed
 * open it, and so do as many failures in a row, however much went well just before: no call is made for a while. Then a few probes are let through, one by one or together; the first that
 * fails opens it again for twice as long, and when all have succeeded it closes. The state is one immutable value in
 * an {@link AtomicReference}, replaced by whichever thread gets there first, so that opening and closing happen once.
 * Results of calls that began in an earlier state are ignored. Safe on any thread; never waits.
 */
final class CircuitBreaker {
    /**
     * When the breaker opens and for how long.
     *
     * @param minimumCalls calls in the window below which it stays closed
     * @param failureRatio share of failures, 0 to 1, above which it opens; it opens at any ratio when all have failed
     */
    record Settings(
            boolean enabled,
            Duration window,
            int minimumCalls,
            double failureRatio,
            Duration open,
            Duration maxOpen,
            int probes) {}

    /** The three states. */
    enum Phase {
        CLOSED(0),
        HALF_OPEN(1),
        OPEN(2);

        /** Value of the metric. */
        final int gauge;

        Phase(int gauge) {
            this.gauge = gauge;
        }
    }

    /**
     * @param generation grows with each change of phase
     * @param until end of the open phase
     * @param openNanos length of the latest open phase
     * @param started probes let through
     * @param passed probes that succeeded
     */
    private record State(Phase phase, long generation, long until, long openNanos, int started, int passed) {}

    /** Returned by {@link #acquire} when no call may be made. */
    static final long REFUSED = -1;

    private static final int BUCKETS = 10;
    private static final int COUNT_BITS = 16;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

    private final Settings settings;
    private final LongSupplier ticker;
    private final Runnable changed;
    private final long bucketNanos;
    private final long origin;

    /** Each holds the number of its time slice, the calls and the failures in one long, so that one swap updates all. */
    private final AtomicLongArray buckets = new AtomicLongArray(BUCKETS);

    private final AtomicInteger failuresInARow = new AtomicInteger();

    private final AtomicReference<State> state;

    /** @param changed told after each change of phase, on the thread that caused it */
    CircuitBreaker(Settings settings, LongSupplier ticker, Runnable changed) {
        this.settings = settings;
        this.ticker = ticker;
        this.changed = changed;
        origin = ticker.getAsLong();
        bucketNanos = Math.max(1, settings.window().toNanos() / BUCKETS);
        state = new AtomicReference<>(
                new State(Phase.CLOSED, 0, 0, settings.open().toNanos(), 0, 0));
    }

    Phase phase() {
        return state.get().phase();
    }

    /** Whether a call would be refused now; takes nothing. */
    boolean refuses() {
        State now = state.get();
        return switch (now.phase()) {
            case CLOSED -> false;
            case OPEN -> ticker.getAsLong() - now.until() < 0;
            case HALF_OPEN -> now.started() >= settings.probes();
        };
    }

    /** Seconds until the next probe, rounded up; at least 1. */
    int retryAfterSeconds() {
        State now = state.get();
        if (now.phase() != Phase.OPEN) {
            return 1;
        }
        long nanos = now.until() - ticker.getAsLong();
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, (nanos + 999_999_999L) / 1_000_000_000L));
    }

    /** Asks to make a call; the answer goes to {@link #record}, unless it is {@link #REFUSED}. */
    long acquire() {
        if (!settings.enabled()) {
            return 0;
        }
        while (true) {
            State now = state.get();
            if (now.phase() == Phase.CLOSED) {
                return now.generation();
            }
            if (refuses()) {
                return REFUSED;
            }
            boolean opens = now.phase() == Phase.OPEN;
            State next = new State(
                    Phase.HALF_OPEN,
                    opens ? now.generation() + 1 : now.generation(),
                    0,
                    now.openNanos(),
                    opens ? 1 : now.started() + 1,
                    now.passed());
            if (state.compareAndSet(now, next)) {
                if (opens) {
                    changed.run();
                }
                return next.generation();
            }
        }
    }

    /** Ends an open phase now: there is a reason to believe that a probe would succeed. */
    void expectRecovery() {
        State now = state.get();
        if (now.phase() == Phase.OPEN) {
            state.compareAndSet(
                    now, new State(Phase.OPEN, now.generation(), ticker.getAsLong(), now.openNanos(), 0, 0));
        }
    }

    /** Tells how a call ended. */
    void record(long permit, boolean failed) {
        if (!settings.enabled()) {
            return;
        }
        while (true) {
            State now = state.get();
            if (now.generation() != permit || now.phase() == Phase.OPEN) {
                return;
            }
            State next = now.phase() == Phase.CLOSED ? afterCall(now, failed) : afterProbe(now, failed);
            if (next.equals(now)) {
                return;
            }
            if (state.compareAndSet(now, next)) {
                if (next.phase() != now.phase()) {
                    changed.run();
                }
                return;
            }
            if (now.phase() == Phase.CLOSED) {
                return; // somebody else opened it; the call is counted already
            }
        }
    }

    private State afterCall(State now, boolean failed) {
        count(failed);
        int inARow = failuresInARow.updateAndGet(row -> failed ? row + 1 : 0);
        long calls = 0;
        long failures = 0;
        long slice = slice();
        for (int i = 0; i < BUCKETS; i++) {
            long bucket = buckets.get(i);
            if (slice - (bucket >>> (2 * COUNT_BITS)) < BUCKETS) {
                calls += (bucket >>> COUNT_BITS) & COUNT_MASK;
                failures += bucket & COUNT_MASK;
            }
        }
        // One call more that succeeds must not bring the share back down: a server that fails every other call is
        // looked at right after a failure.
        boolean tooMany = failures > settings.failureRatio() * (calls + 1) || failures == calls;
        boolean dead = Math.min(inARow, failures) >= settings.minimumCalls();
        return dead || (failed && tooMany && calls >= settings.minimumCalls())
                ? open(now, settings.open().toNanos())
                : now;
    }

    private State afterProbe(State now, boolean failed) {
        if (failed) {
            return open(now, Math.min(2 * now.openNanos(), settings.maxOpen().toNanos()));
        }
        if (now.passed() + 1 < settings.probes()) {
            return new State(Phase.HALF_OPEN, now.generation(), 0, now.openNanos(), now.started(), now.passed() + 1);
        }
        return new State(Phase.CLOSED, now.generation() + 1, 0, settings.open().toNanos(), 0, 0);
    }

    private State open(State now, long openNanos) {
        for (int i = 0; i < BUCKETS; i++) {
            buckets.set(i, 0);
        }
        failuresInARow.set(0);
        return new State(Phase.OPEN, now.generation() + 1, ticker.getAsLong() + openNanos, openNanos, 0, 0);
    }

    private void count(boolean failed) {
        long slice = slice();
        int index = (int) (slice % BUCKETS);
        long add = (1L << COUNT_BITS) + (failed ? 1 : 0);
        buckets.updateAndGet(index, bucket -> {
            long current = bucket >>> (2 * COUNT_BITS) == slice ? bucket : slice << (2 * COUNT_BITS);
            boolean full = ((current >>> COUNT_BITS) & COUNT_MASK) == COUNT_MASK;
            return full ? current : current + add;
        });
    }

    /** Number of the current time slice, 1 to 2^32 - 1: 0 is an empty bucket. Good for 136 years of seconds. */
    private long slice() {
        return ((ticker.getAsLong() - origin) / bucketNanos + BUCKETS) & 0xffff_ffffL;
    }
}
