package dev.gatehouse.runtime;

import dev.gatehouse.config.PipelineConfig;
import dev.gatehouse.runtime.build.Snapshot;
import dev.gatehouse.server.Served;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The snapshot in force and those that requests still run on.
 *
 * <p>Idea: each snapshot counts its own requests, so that nothing is shared on the hot path. A snapshot that was replaced
 * may still be picked up by a request that read the reference just before; once every event loop has run one more task
 * that is over, and when its count is zero then, it stays zero. What it holds is given back at that moment, or when the
 * drain time is over, whichever comes first.
 *
 * <p>Changed by the control thread; read by any.
 */
final class Generations {
    private final AtomicReference<Snapshot> current;
    private final List<Replaced> replaced = new CopyOnWriteArrayList<>();
    private final LongSupplier ticker;
    private final AtomicLong finishedEarlier = new AtomicLong();

    /** A snapshot that is no longer in force. */
    private static final class Replaced {
        private final Snapshot snapshot;
        private final CompletionStage<Void> unreachable;
        private final long deadline;
        private boolean released;

        Replaced(Snapshot snapshot, CompletionStage<Void> unreachable, long deadline) {
            this.snapshot = snapshot;
            this.unreachable = unreachable;
            this.deadline = deadline;
        }

        boolean isOver() {
            return unreachable.toCompletableFuture().isDone()
                    && snapshot.served().traffic().inFlight() == 0;
        }

        void release() {
            if (!released) {
                released = true;
                snapshot.close();
            }
        }
    }

    Generations(Snapshot first, LongSupplier ticker) {
        this.current = new AtomicReference<>(first);
        this.ticker = ticker;
    }

    Snapshot current() {
        return current.get();
    }

    Served served() {
        return current.get().served();
    }

    /** Requests under way on any snapshot. */
    long inFlight() {
        return traffic().mapToLong(served -> served.traffic().inFlight()).sum();
    }

    /** Requests that are over since the start. */
    long finished() {
        return finishedEarlier.get()
                + traffic().mapToLong(served -> served.traffic().finished()).sum();
    }

    /** Names of the pipelines that some request may still run through. */
    Set<String> pipelines() {
        return snapshots()
                .flatMap(snapshot -> snapshot.config().pipelines().stream())
                .map(PipelineConfig::name)
                .collect(Collectors.toSet());
    }

    /** Everything that is in force or still in use. */
    Stream<Snapshot> snapshots() {
        return Stream.concat(Stream.of(current.get()), replaced.stream().map(old -> old.snapshot));
    }

    /**
     * Puts a snapshot in force; the one before drains.
     *
     * @param passed called after the swap: gives a stage that is done when every event loop has run one more task
     * @param drain longest time the one before keeps what it holds
     */
    void replace(Snapshot next, Supplier<CompletionStage<Void>> passed, Duration drain) {
        Snapshot old = current.getAndSet(next);
        replaced.add(new Replaced(old, passed.get(), ticker.getAsLong() + drain.toNanos()));
    }

    /** Whether nothing is left to look after. */
    boolean isSettled() {
        return replaced.isEmpty();
    }

    /** Gives back what the snapshots hold that are over; whether there were any. */
    boolean sweep() {
        List<Replaced> over = new ArrayList<>();
        for (Replaced old : replaced) {
            if (old.isOver()) {
                old.release();
                over.add(old);
            } else if (ticker.getAsLong() - old.deadline >= 0) {
                old.release();
            }
        }
        over.forEach(
                old -> finishedEarlier.addAndGet(old.snapshot.served().traffic().finished()));
        return replaced.removeAll(over);
    }

    /** Gives back everything. */
    void close() {
        replaced.forEach(Replaced::release);
        current.get().close();
    }

    private Stream<Served> traffic() {
        return snapshots().map(Snapshot::served);
    }
}
