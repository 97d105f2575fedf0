package dev.gatehouse.policies.introspect.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Time that passes only when a test says so: a wall clock, a monotonic clock and the timer of the retries. */
public final class TimeFixture implements InstantSource, LongSupplier, Timer {
    /** 2030-01-01T00:00:00Z. */
    public static final long START_SECONDS = 1_893_456_000L;

    private final AtomicLong wallMillis = new AtomicLong(START_SECONDS * 1000);
    private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);
    private final Deque<Alarm> alarms = new ArrayDeque<>();

    private record Alarm(long at, Runnable task) {}

    /** Moves both clocks on and runs what has become due. */
    public void passes(Duration time) {
        wallMillis.addAndGet(time.toMillis());
        nanos.addAndGet(time.toNanos());
        due().forEach(Runnable::run);
    }

    /** Somebody sets the wall clock; monotonic time does not notice. */
    public void wallClockJumps(Duration time) {
        wallMillis.addAndGet(time.toMillis());
    }

    /** Seconds since 1970, {@code offset} from now. */
    public long seconds(long offset) {
        return wallMillis.get() / 1000 + offset;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(wallMillis.get());
    }

    @Override
    public long getAsLong() {
        return nanos.get();
    }

    @Override
    public synchronized void after(Duration delay, Runnable task) {
        alarms.add(new Alarm(nanos.get() + delay.toNanos(), task));
    }

    private synchronized List<Runnable> due() {
        List<Runnable> due = new ArrayList<>();
        alarms.removeIf(alarm -> {
            boolean now = nanos.get() - alarm.at() >= 0;
            if (now) {
                due.add(alarm.task());
            }
            return now;
        });
        return due;
    }
}
