package dev.gatehouse.policies.introspect.server;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds the open calls to one authorization server. Calls above the bound wait in a bounded queue for a bounded time;
 * what exceeds either is refused. Safe on any thread; never blocks.
 *
 * <p>A queued call leaves the queue exactly once: started when a permit is free, or refused when its time is over.
 * Whoever wins {@link Waiting#taken} does it. Refused entries stay in the queue as empty shells until they reach its
 * head, and are counted until then, so that the queue stays bounded.
 */
final class Bulkhead {
    /** Bounds; the wait is that of one call. */
    record Settings(int maxConcurrent, int maxQueue, Duration queueTimeout) {}

    /** Work that needs a permit. Exactly one of its methods is called, once. */
    interface Task {
        /** Begins; ends with {@link Bulkhead#release}. */
        void start();

        void refuse();
    }

    private record Waiting(Task task, AtomicBoolean taken) {}

    private final Settings settings;
    private final Timer timer;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicInteger pumping = new AtomicInteger();
    private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();

    Bulkhead(Settings settings, Timer timer) {
        this.settings = settings;
        this.timer = timer;
    }

    int open() {
        return open.get();
    }

    int queued() {
        return queued.get();
    }

    /** Starts the task now, or later, or refuses it. */
    void submit(Task task) {
        if (acquire()) {
            task.start();
            return;
        }
        if (queued.incrementAndGet() > settings.maxQueue()) {
            queued.decrementAndGet();
            task.refuse();
            return;
        }
        Waiting waiting = new Waiting(task, new AtomicBoolean());
        queue.add(waiting);
        timer.after(settings.queueTimeout(), () -> {
            if (waiting.taken().compareAndSet(false, true)) {
                task.refuse();
            }
        });
        // A permit may have been returned between the two looks above.
        pump();
    }

    /** Gives back the permit of a task that has ended. */
    void release() {
        open.decrementAndGet();
        pump();
    }

    private boolean acquire() {
        while (true) {
            int now = open.get();
            if (now >= settings.maxConcurrent()) {
                return false;
            }
            if (open.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** Starts what can start. A task that ends at once comes back here; it then only adds to the count of the loop. */
    private void pump() {
        if (pumping.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            while (!queue.isEmpty() && acquire()) {
                if (!startNext()) {
                    open.decrementAndGet();
                    break;
                }
            }
            seen = pumping.addAndGet(-seen);
        } while (seen != 0);
    }

    private boolean startNext() {
        for (Waiting next = queue.poll(); next != null; next = queue.poll()) {
            queued.decrementAndGet();
            if (next.taken().compareAndSet(false, true)) {
                next.task().start();
                return true;
            }
        }
        return false;
    }
}
