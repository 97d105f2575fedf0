package dev.gatehouse.metrics;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.util.ByteArrayBuilder;

/**
 * Carries log entries from any thread to one writer thread.
 *
 * <p>Idea: event loops put entries into a lock-free queue; the writer formats them and writes many lines at a time. The
 * queue is bounded by the memory that its entries keep alive, because a client decides how long its request line is. An
 * entry that finds the queue full is dropped and counted; urgent ones have a reserve as large as the queue. The first
 * entry of a batch schedules the writer a moment later, so that a busy loop rarely pays for a wake-up. Rejected: the asynchronous appenders of logging libraries, which lose lines uncounted
 * or block.
 *
 * @param <T> an entry; not changed after it was handed over
 */
public final class Spool<T> implements AutoCloseable {
    /** Appends an entry as one or more whole lines. Writer thread only. */
    @FunctionalInterface
    public interface Format<T> {
        void append(T entry, ByteArrayBuilder out);
    }

    /** Takes finished lines. Writer thread only; may block; may throw, then the lines count as dropped. */
    @FunctionalInterface
    public interface Sink {
        /** Takes {@code lines}; nobody else changes them. */
        void write(byte[] lines);
    }

    private static final long CAPACITY = 8L * 1024 * 1024;
    private static final int BATCH_BYTES = 32 * 1024;
    private static final long BATCH_MILLIS = 10;

    private final Format<T> format;
    private final ToIntFunction<T> weight;
    private final Sink sink;
    private final LongConsumer dropped;
    private final Queue<T> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong queued = new AtomicLong();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final ScheduledExecutorService writer;
    // Confined to the writer thread.
    private final ByteArrayBuilder batch = new ByteArrayBuilder();
    private volatile boolean closed;

    private Spool(String name, Format<T> format, ToIntFunction<T> weight, Sink sink, LongConsumer dropped) {
        this.format = format;
        this.weight = weight;
        this.sink = sink;
        this.dropped = dropped;
        this.writer = Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory(name, true));
    }

    /**
     * Opens a spool with a writer thread of its own.
     *
     * @param name of the thread
     * @param weight bytes that an entry keeps alive, roughly; the same at each call
     * @param dropped told the number of entries that were lost; any thread
     */
    public static <T> Spool<T> open(
            String name, Format<T> format, ToIntFunction<T> weight, Sink sink, LongConsumer dropped) {
        return new Spool<>(name, format, weight, sink, dropped);
    }

    /** Takes the entry; never blocks, never throws. Any thread. */
    public void add(T entry, boolean urgent) {
        int size = weight.applyAsInt(entry);
        long waiting = queued.addAndGet(size);
        if (closed || waiting > (urgent ? 2 * CAPACITY : CAPACITY)) {
            queued.addAndGet(-size);
            dropped.accept(1);
            return;
        }
        queue.add(entry);
        if (scheduled.compareAndSet(false, true)) {
            schedule();
        }
    }

    /**
     * Writes what is queued and ends the writer.
     *
     * @return completes on the writer thread when everything is written; never when the sink never returns
     */
    public CompletionStage<Void> end() {
        if (!closed) {
            closed = true;
            writer.execute(() -> {
                drain();
                batch.release();
                ended.complete(null);
            });
            writer.shutdown();
        }
        return ended;
    }

    /** Like {@link #end()}; does not wait. */
    @Override
    public void close() {
        end();
    }

    private void schedule() {
        try {
            writer.schedule(this::drain, BATCH_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException ending) {
            dropped.accept(1);
        }
    }

    private void drain() {
        // Before the first look, so that an entry which comes after the last look schedules the next round.
        scheduled.set(false);
        int entries = 0;
        for (@Nullable T next = queue.poll(); next != null; next = queue.poll()) {
            queued.addAndGet(-weight.applyAsInt(next));
            format.append(next, batch);
            entries++;
            if (batch.size() >= BATCH_BYTES) {
                flush(entries);
                entries = 0;
            }
        }
        if (entries > 0) {
            flush(entries);
        }
    }

    private void flush(int entries) {
        byte[] lines = batch.toByteArray();
        batch.reset();
        try {
            sink.write(lines);
        } catch (RuntimeException e) {
            // Nobody is left to tell: the log itself cannot be written. The metric shows it.
            dropped.accept(entries);
        }
    }
}
