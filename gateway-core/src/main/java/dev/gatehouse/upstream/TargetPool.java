package dev.gatehouse.upstream;

import dev.gatehouse.client.Target;
import dev.gatehouse.upstream.reach.UpstreamFault;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one target. Last in, first out, so that what is not needed ages and goes.
 *
 * <p>Everything runs on the loop, except {@link #wake}, {@link #askForRoom} and {@link #idleCount}.
 */
final class TargetPool {
    private final UpstreamClient client;
    private final Target target;
    private final TargetLedger ledger;
    private final Deque<ServiceConnection> idle = new ArrayDeque<>();
    private final Deque<StreamedCall> waiting = new ArrayDeque<>();
    private int open;
    // Written by the loop, read by gauges and by other loops as a hint only.
    private volatile int idleCount;

    TargetPool(UpstreamClient client, Target target, String service, UpstreamLedger ledger) {
        this.client = client;
        this.target = target;
        this.ledger = ledger.join(target, service, this);
    }

    Target target() {
        return target;
    }

    TargetLedger ledger() {
        return ledger;
    }

    UpstreamClient client() {
        return client;
    }

    /**
     * Finds a connection for a call: answers {@link StreamedCall#connected}, now or later, or
     * {@link StreamedCall#unreachable}.
     *
     * @param fresh whether it must be a new connection
     */
    void acquire(StreamedCall call, boolean fresh) {
        ServiceConnection reused = fresh ? null : takeIdle();
        if (reused != null) {
            call.connected(reused);
        } else if (ledger.tryOpen(client.limits().maxConnections())) {
            open(call);
        } else if (ledger.tryWait(client.limits().maxWaiting())) {
            waiting.addLast(call);
            serveWaiting();
            if (!waiting.isEmpty()) {
                ledger.askForRoom(this);
            }
        } else {
            call.unreachable(UpstreamFault.OVERLOAD);
        }
    }

    /** Takes a call out of the queue; returns whether it was there. */
    boolean forget(StreamedCall call) {
        boolean queued = waiting.remove(call);
        if (queued) {
            ledger.stoppedWaiting();
        }
        return queued;
    }

    /** Takes back a connection whose last response was clean. */
    void release(ServiceConnection connection) {
        StreamedCall next = pollWaiting();
        if (next != null) {
            next.connected(connection);
        } else if (ledger.isAnyoneWaiting() || client.isClosed()) {
            connection.close();
        } else {
            idle.addFirst(connection);
            idleCount = idle.size();
            connection.rest(client.now());
        }
    }

    /** Gives back the permit of a connection that is gone or never came. */
    void closed(@Nullable ServiceConnection connection) {
        if (connection != null && idle.remove(connection)) {
            idleCount = idle.size();
        }
        open--;
        ledger.closed();
    }

    /** Closes connections that were idle for too long; the oldest are last. */
    void closeExpired(long now) {
        Iterator<ServiceConnection> oldestFirst = idle.descendingIterator();
        while (oldestFirst.hasNext()) {
            ServiceConnection connection = oldestFirst.next();
            if (connection.isExpired(now)) {
                oldestFirst.remove();
                connection.close();
            }
        }
        idleCount = idle.size();
    }

    void closeIdle() {
        ServiceConnection connection;
        while ((connection = idle.pollFirst()) != null) {
            connection.close();
        }
        idleCount = 0;
    }

    boolean isEmpty() {
        return open == 0 && waiting.isEmpty();
    }

    /** A permit became free somewhere. Any thread. */
    void wake() {
        client.execute(this::serveWaiting);
    }

    /** Another loop has no connection while this one keeps some for later. Any thread. */
    void askForRoom() {
        client.execute(() -> {
            ServiceConnection oldest = idle.pollLast();
            if (oldest != null) {
                idleCount = idle.size();
                oldest.close();
            }
        });
    }

    /** Any thread; may be outdated. */
    int idleCount() {
        return idleCount;
    }

    private void serveWaiting() {
        while (!waiting.isEmpty() && ledger.tryOpen(client.limits().maxConnections())) {
            StreamedCall next = pollWaiting();
            if (next == null) {
                ledger.closed();
                return;
            }
            open(next);
        }
    }

    private void open(StreamedCall call) {
        open++;
        call.dialing(new Dial(this, call));
    }

    private @Nullable StreamedCall pollWaiting() {
        StreamedCall next = waiting.pollFirst();
        if (next != null) {
            ledger.stoppedWaiting();
        }
        return next;
    }

    private @Nullable ServiceConnection takeIdle() {
        ServiceConnection connection;
        while ((connection = idle.pollFirst()) != null) {
            idleCount = idle.size();
            if (connection.isUsable(client.now())) {
                return connection;
            }
            connection.close();
        }
        return null;
    }
}
