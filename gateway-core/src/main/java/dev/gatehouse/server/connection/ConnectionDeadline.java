package dev.gatehouse.server.connection;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one deadline that a connection has at a time.
 *
 * <p>Idea: moving a deadline later, which every request does, writes two fields; the timer finds out when it fires and
 * sleeps on. Only a deadline earlier than the running timer costs a new one. So a busy connection has one timer event
 * per longest deadline, not two per request.
 */
public final class ConnectionDeadline {
    /** What the connection waits for. */
    public enum Wait {
        NOTHING,
        NEXT_REQUEST,
        HEAD,
        BODY,
        WRITE,
        LINGER
    }

    private final EventLoop loop;
    private final LongSupplier ticker;
    private final Consumer<Wait> expired;
    private Wait wait = Wait.NOTHING;
    private long at;
    private @Nullable Future<?> timer;
    private long timerAt;

    /** {@code expired} is told on {@code loop} what did not come; nothing is awaited then. */
    public ConnectionDeadline(EventLoop loop, LongSupplier ticker, Consumer<Wait> expired) {
        this.loop = loop;
        this.ticker = ticker;
        this.expired = expired;
    }

    Wait waitsFor() {
        return wait;
    }

    /** Starts to wait; a wait of the same kind that already runs is not renewed. */
    void await(Wait kind, Duration time) {
        if (kind != wait) {
            renew(kind, time);
        }
    }

    /** Starts to wait anew. */
    void renew(Wait kind, Duration time) {
        wait = kind;
        at = ticker.getAsLong() + time.toNanos();
        if (timer == null || timerAt - at > 0) {
            schedule();
        }
    }

    /** Waits for nothing. */
    public void clear() {
        wait = Wait.NOTHING;
    }

    /** No more calls of {@code expired}. */
    public void close() {
        clear();
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void schedule() {
        if (timer != null) {
            timer.cancel(false);
        }
        timerAt = at;
        timer = loop.schedule(this::fire, Math.max(at - ticker.getAsLong(), 0), TimeUnit.NANOSECONDS);
    }

    private void fire() {
        timer = null;
        if (wait == Wait.NOTHING) {
            return;
        }
        if (at - ticker.getAsLong() > 0) {
            schedule();
            return;
        }
        Wait missed = wait;
        wait = Wait.NOTHING;
        expired.accept(missed);
    }
}
