package dev.gatehouse.policies.introspect.server;

import dev.gatehouse.policies.introspect.report.Cause;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a server which could not be reached is back, long before an open {@link CircuitBreaker} would look.
 *
 * <p>While the breaker is open because nobody answered at all, and while requests are refused for it, a bare connection
 * is opened twice a second and closed again; no token and no credential travels. The first one that succeeds ends the
 * open phase, and the next request is the probe that decides. A server that can be connected to and fails otherwise gets
 * no such look: there the time that the breaker gives it is what helps. Safe on any thread; never blocks.
 */
final class ReachabilityProbe {
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final long WANTED_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final CircuitBreaker breaker;
    private final Supplier<CompletionStage<Boolean>> connect;
    private final Timer timer;
    private final LongSupplier ticker;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile boolean unreachable;
    private volatile long wantedUntil;

    /** @param connect opens a connection, closes it and tells whether there was one; within a few seconds */
    ReachabilityProbe(
            CircuitBreaker breaker, Supplier<CompletionStage<Boolean>> connect, Timer timer, LongSupplier ticker) {
        this.breaker = breaker;
        this.connect = connect;
        this.timer = timer;
        this.ticker = ticker;
    }

    /**
     * A call has ended.
     *
     * @param cause why it brought no answer; null when it brought one
     */
    void ended(@Nullable Cause cause) {
        unreachable = cause != null && cause.isUnreachable();
    }

    /** A request was refused because the breaker is open. */
    void refused() {
        wantedUntil = ticker.getAsLong() + WANTED_NANOS;
        if (unreachable && running.compareAndSet(false, true)) {
            timer.after(EVERY, this::look);
        }
    }

    private void look() {
        if (!isNeeded()) {
            running.set(false);
            return;
        }
        connect.get().whenComplete((reached, problem) -> {
            if (problem == null && reached) {
                running.set(false);
                if (isNeeded()) {
                    unreachable = false;
                    breaker.expectRecovery();
                }
            } else {
                timer.after(EVERY, this::look);
            }
        });
    }

    private boolean isNeeded() {
        return unreachable && breaker.refuses() && ticker.getAsLong() - wantedUntil < 0;
    }
}
