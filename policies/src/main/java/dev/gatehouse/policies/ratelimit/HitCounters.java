package dev.gatehouse.policies.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.gatehouse.policy.PolicyContext;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The windows of all clients of one limit.
 *
 * <p>A window begins with the first hit of its client and lasts for a fixed time by the monotonic clock, so a wall
 * clock that is set neither lengthens nor shortens it. Looking up a window and counting in it are two atomic steps: a
 * hit that found a window just before its end counts there, which can only be against the client.
 *
 * <p>The number of windows is bounded. When it is reached, the cache forgets a client that is seen seldom in favour of
 * one that is seen often (its TinyLFU policy); a forgotten client begins a new window. So somebody who invents a new
 * key for each request costs no more memory than the bound, and pushes out his own single hits before the count of a
 * busy client: a client over its limit cannot wash its count away by flooding with other keys. Refusing unknown keys
 * instead would let him lock every new client out. What is forgotten before its time is counted in a metric.
 *
 * <p>Safe on any thread; a lookup of a known client takes no lock, that of a new one locks a part of the map for the
 * moment of its insertion.
 */
final class HitCounters {
    /** Whose counters they are: equal keys share them, and they outlive a reload. */
    sealed interface Owner {
        long windowMillis();

        int maxKeys();
    }

    /**
     * One step of one pipeline.
     *
     * @param path where the step stands among the others of its pipeline; knows no line numbers
     * @param rateLimitBy what the keys are made of; null = addresses
     */
    record Step(String pipeline, String path, @Nullable String rateLimitBy, long windowMillis, int maxKeys)
            implements Owner {}

    /** All steps that name it. Windows of another length cannot be shared, so they are others. */
    record Shared(String name, long windowMillis, int maxKeys) implements Owner {}

    private final Cache<String, Window> windows;
    private final InstantSource clock;
    private final long windowMillis;

    private HitCounters(Owner owner, PolicyContext context) {
        Counter forgotten = context.meters().counter("gateway.rate_limit.forgotten", "pipeline", context.pipeline());
        clock = context.clock();
        windowMillis = owner.windowMillis();
        windows = Caffeine.newBuilder()
                .ticker(context.ticker()::getAsLong)
                .expireAfterWrite(Duration.ofMillis(windowMillis))
                .maximumSize(owner.maxKeys())
                .evictionListener((key, window, cause) -> {
                    if (cause == RemovalCause.SIZE) {
                        forgotten.increment();
                    }
                })
                .build();
    }

    /** The counters of {@code owner}; those of the running configuration if it has them. Start-up thread. */
    static <O extends Record & Owner> HitCounters of(O owner, PolicyContext context) {
        return context.shared(owner, () -> new HitCounters(owner, context));
    }

    /** The current window of a client; a new one when the last is over. */
    Window window(String key) {
        return windows.get(key, unknown -> new Window(Math.floorDiv(clock.millis() + windowMillis + 999, 1000)));
    }
}
