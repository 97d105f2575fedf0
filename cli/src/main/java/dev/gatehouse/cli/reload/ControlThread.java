package dev.gatehouse.cli.reload;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which reloads happen, one after the other: asked for, or because a file changed. Files are looked at
 * when the system says that something happened near them, and every two seconds all the same, because not every file
 * system says so.
 */
public final class ControlThread implements AutoCloseable {
    /** Longest time until a change is noticed without an event. */
    static final Duration POLL = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(ControlThread.class);
    private static final long CLOSE_SECONDS = 10;
    // An event often comes as one of many; a short wait makes one look of them.
    private static final long GATHER_MILLIS = 20;

    private final Reloader reloader;
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("gateway-control", true));
    private final AtomicBoolean gathering = new AtomicBoolean();
    private final AtomicBoolean waiting = new AtomicBoolean();
    // Both belong to the control thread.
    private @Nullable FileEvents events;
    private @Nullable ScheduledFuture<?> nextLook;

    public ControlThread(Reloader reloader) {
        this.reloader = reloader;
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Which configuration is in force. Any thread. */
    public Standing standing() {
        return reloader.standing();
    }

    /** Watches the files from now on. Once. */
    public void watch() {
        thread.execute(() -> {
            events = FileEvents.open(this::happened);
            look();
        });
    }

    /** Reloads as soon as what is under way is done. Completes on the control thread. Any thread. */
    public CompletionStage<Outcome> reload(String trigger) {
        try {
            return CompletableFuture.supplyAsync(() -> reloadNow(trigger), thread);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.completedFuture(new Outcome.Stopping());
        }
    }

    /** Reloads unless that is asked for already; many signals make one reload. Any thread. */
    public void signalled(String trigger) {
        if (waiting.compareAndSet(false, true)) {
            try {
                thread.execute(() -> {
                    waiting.set(false);
                    reloadNow(trigger);
                });
            } catch (RejectedExecutionException closed) {
                LOG.debug("the gateway stops; nothing is reloaded");
            }
        }
    }

    /** Waits for the reload under way and ends. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a reload is still under way");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        FileEvents open = events;
        if (open != null) {
            open.close();
        }
    }

    private Outcome reloadNow(String trigger) {
        Outcome outcome = reloader.reload(trigger);
        if (events != null) {
            events.watch(reloader.files());
        }
        return outcome;
    }

    private void happened() {
        if (gathering.compareAndSet(false, true)) {
            try {
                thread.schedule(this::look, GATHER_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closed) {
                LOG.debug("the gateway stops; nothing is watched");
            }
        }
    }

    private void look() {
        gathering.set(false);
        Duration next = POLL;
        try {
            next = reloader.look();
            if (events != null) {
                events.watch(reloader.files());
            }
        } catch (RuntimeException bug) {
            LOG.error("the files of the configuration cannot be looked at", bug);
        }
        if (nextLook != null) {
            nextLook.cancel(false);
        }
        if (!thread.isShutdown()) {
            nextLook = thread.schedule(this::look, next.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
