package dev.gatehouse.upstream.reach;

import dev.gatehouse.client.Target;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which targets could not be connected to lately, so that calls try others first.
 *
 * <p>Idea: only failures before a request was sent count, so an unwilling service is never mistaken for a dead one. A
 * target that fails is put aside for one second, then two, up to thirty; when a pause ends, one call may try it, and the
 * next pause begins at once for all others. One success ends it. Nothing is refused because of this: a call whose
 * targets are all put aside tries them all the same. Active checks were left out: they cost every service traffic.
 *
 * <p>Shared by all event loops; each change replaces an immutable entry of a concurrent map. At most 1024 targets are
 * remembered; beyond that a failing target is simply not put aside.
 */
public final class TargetHealth {
    static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long FORGET_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int MAX_REMEMBERED = 1024;

    private record Outage(int failures, long until, boolean probing) {
        static Outage after(int failures, long now) {
            return new Outage(failures, now + pause(failures), false);
        }

        Outage probed(long now) {
            return new Outage(failures, now + pause(failures), true);
        }

        boolean isPaused(long now) {
            return now - until < 0;
        }

        private static long pause(int failures) {
            return Math.min(LONGEST_PAUSE_NANOS, FIRST_PAUSE_NANOS << Math.min(10, failures - 1));
        }
    }

    private final LongSupplier ticker;
    private final Map<Target, Outage> outages = new ConcurrentHashMap<>();

    /** @param ticker monotonic nanoseconds, the same on every thread */
    public TargetHealth(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /** Whether a call should try the target now; a yes after a pause is given to one caller only. */
    public boolean mayTry(Target target) {
        Outage seen = outages.get(target);
        if (seen == null) {
            return true;
        }
        long now = ticker.getAsLong();
        return !seen.isPaused(now) && outages.replace(target, seen, seen.probed(now));
    }

    /** The target could not be connected to. Returns whether that is news. */
    public boolean failed(Target target) {
        long now = ticker.getAsLong();
        if (outages.size() >= MAX_REMEMBERED && !outages.containsKey(target)) {
            outages.values().removeIf(outage -> now - outage.until() > FORGET_NANOS);
            if (outages.size() >= MAX_REMEMBERED) {
                return false;
            }
        }
        boolean news = !outages.containsKey(target);
        outages.compute(target, (key, known) -> worse(known, now));
        return news;
    }

    /** The target took a connection. Returns whether it had been put aside. */
    public boolean reached(Target target) {
        return !outages.isEmpty() && outages.remove(target) != null;
    }

    /** Targets that are put aside at this moment. */
    public int pausedCount() {
        long now = ticker.getAsLong();
        return (int)
                outages.values().stream().filter(outage -> outage.isPaused(now)).count();
    }

    /** Calls that fail together count once: only a probe, or a call after the pause, makes the next pause longer. */
    private static Outage worse(@Nullable Outage known, long now) {
        if (known == null || now - known.until() > FORGET_NANOS) {
            return Outage.after(1, now);
        }
        return known.isPaused(now) && !known.probing() ? known : Outage.after(known.failures() + 1, now);
    }
}
