package dev.gatehouse.policies.ratelimit;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.policy.Verdict;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests wait: hit n of a window for {@code (n - delayAfter) × delayMs}, at most {@code maxDelayMs}.
 *
 * <p>Waiting is an await whose stage never ends and whose deadline is the delay: the engine's timer on the exchange's
 * own loop does it all, without a thread, and is cancelled when the client leaves. Not more than {@code maxDelayed}
 * requests of a policy wait at a time. Their number is counted atomically by all loops.
 */
final class Slowdown {
    private final long delayAfter;
    private final long delayMillis;
    private final long maxDelayMillis;
    private final int maxDelayed;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Counter delayed;

    Slowdown(RateLimitPolicy.Config config, Counter delayed) {
        delayAfter = config.delayAfter();
        delayMillis = config.delayMs().toMillis();
        maxDelayMillis = config.maxDelayMs().toMillis();
        maxDelayed = config.maxDelayed();
        this.delayed = delayed;
    }

    /** How long hit number {@code hit} has to wait, in milliseconds. */
    long millis(long hit) {
        // As in Express Gateway, 0 stands for "never" and not for "from the first".
        if (delayAfter == 0 || delayMillis == 0 || hit <= delayAfter) {
            return 0;
        }
        long steps = hit - delayAfter;
        return steps > maxDelayMillis / delayMillis ? maxDelayMillis : steps * delayMillis;
    }

    /** Goes on after {@code millis}; null when too many requests wait already. */
    @Nullable
    Verdict after(long millis, Exchange exchange) {
        if (waiting.incrementAndGet() > maxDelayed) {
            waiting.decrementAndGet();
            return null;
        }
        delayed.increment();
        Place place = new Place();
        exchange.onComplete(status -> place.leave());
        return Verdict.await(
                new CompletableFuture<Void>(),
                Duration.ofMillis(millis),
                () -> {
                    place.leave();
                    return Verdict.next();
                },
                never -> Verdict.next());
    }

    /** The place of one waiting request; confined to its loop. */
    private final class Place {
        private boolean left;

        void leave() {
            if (!left) {
                left = true;
                waiting.decrementAndGet();
            }
        }
    }
}
