package dev.gatehouse.policies.introspect.binding;

import dev.gatehouse.policies.introspect.options.token.BindingOptions.Dpop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What all pipelines of a gateway share about proofs: those that were used, the nonces, and the few threads that verify
 * signatures. One object for the whole gateway, so that a proof used in one pipeline counts in all of them and after a
 * reload; see {@code PolicyContext.shared}. Safe on any thread.
 *
 * <p>Verifying ES256 takes some 0.1 to 1 ms of CPU, which would stand in the way of every other client of an event
 * loop. Queue and wait are bounded: what cannot be verified in time is refused.
 */
public final class ProofRegister implements AutoCloseable {
    /** Longest time for one verification with its wait. */
    static final Duration DEADLINE = Duration.ofSeconds(2);

    private static final int MAX_THREADS = 4;
    private static final int MAX_QUEUE = 1024;
    private static final int IDLE_SECONDS = 30;

    /** Under this key the gateway shares the one instance. */
    public record Key() {}

    private final Executor workers;
    private final @Nullable ExecutorService owned;
    private final LongSupplier ticker;
    private final Nonces nonces;
    private final UsedProofs used;

    /** @param workers whoever verifies; may throw {@link RejectedExecutionException} */
    ProofRegister(Executor workers, @Nullable ExecutorService owned, InstantSource clock, LongSupplier ticker) {
        this.workers = workers;
        this.owned = owned;
        this.ticker = ticker;
        nonces = new Nonces(clock);
        used = new UsedProofs(clock);
    }

    /** A register with threads of its own, which start with the first proof and end when there are none for a while. */
    public static ProofRegister open(InstantSource clock, LongSupplier ticker) {
        int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
        ThreadPoolExecutor workers = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_QUEUE), task -> {
                    Thread thread = new Thread(task, "dpop-proofs");
                    thread.setDaemon(true);
                    return thread;
                });
        workers.allowCoreThreadTimeOut(true);
        return new ProofRegister(workers, workers, clock, ticker);
    }

    /** Remembers as much and as long as one more pipeline needs. */
    void retain(Dpop options) {
        used.retain(options.replay().maxEntries(), options.maxAge());
    }

    Nonces nonces() {
        return nonces;
    }

    /**
     * Verifies the signature and notes the use. Completes on one of the threads; the caller waits for at most
     * {@link #DEADLINE}.
     */
    CompletableFuture<ProofResult> verify(SignedProof proof) {
        long asked = ticker.getAsLong();
        try {
            return CompletableFuture.supplyAsync(() -> judge(proof, asked), workers);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(ProofResult.BUSY);
        }
    }

    /** Lets the queue run dry and ends the threads. */
    @Override
    public void close() {
        if (owned != null) {
            owned.shutdown();
        }
    }

    private ProofResult judge(SignedProof proof, long asked) {
        if (ticker.getAsLong() - asked > DEADLINE.toNanos()) {
            return ProofResult.BUSY; // its client has got an answer by now
        }
        if (!proof.key().verifies(proof.signed(), proof.signature())) {
            return ProofResult.SIGNATURE;
        }
        return switch (used.use(proof.thumbprint(), proof.id(), proof.issuedAt())) {
            case FIRST -> ProofResult.VALID;
            case REPEATED -> ProofResult.REPLAYED;
            case FULL -> ProofResult.FULL;
        };
    }
}
