package dev.gatehouse.policies.introspect.trial;

import dev.gatehouse.policies.introspect.answer.Introspection.Active;
import dev.gatehouse.policies.introspect.answer.TokenFacts;
import dev.gatehouse.policies.introspect.options.CacheOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long an answer is used again.
 *
 * @param time null = until the gateway has no room for it
 * @param limit what ends it
 */
public record Keeping(@Nullable Duration time, Limit limit) {
    /** What ends the use of an answer. */
    public enum Limit {
        TTL,
        MAX_TTL,
        EXP,
        NEGATIVE_TTL,
        NOTHING,
        /** The configuration keeps no answer of this kind. */
        OFF,
        TOO_LARGE,
        /** The connection broke, and the question was asked twice. */
        ASKED_TWICE,
        /** There is no answer to keep. */
        NO_ANSWER
    }

    static Keeping ofActive(Active active, long reuseNanos, CacheOptions cache, long nowMillis) {
        if (reuseNanos == 0) {
            return new Keeping(Duration.ZERO, Limit.OFF);
        }
        if (!active.firstTry()) {
            return new Keeping(Duration.ZERO, Limit.ASKED_TWICE);
        }
        if (active.bytes() > cache.maxAnswerBytes()) {
            return new Keeping(Duration.ZERO, Limit.TOO_LARGE);
        }
        boolean endless = reuseNanos == Long.MAX_VALUE;
        long end = active.facts().expiresAt();
        Duration left = Duration.ofMillis(Math.max(0, end - nowMillis));
        if (end != TokenFacts.NO_END && (endless || left.toNanos() < reuseNanos)) {
            return new Keeping(left, Limit.EXP);
        }
        boolean capped = cache.maxTtl() != null && cache.maxTtl().toNanos() == reuseNanos;
        return endless
                ? new Keeping(null, Limit.NOTHING)
                : new Keeping(Duration.ofNanos(reuseNanos), capped ? Limit.MAX_TTL : Limit.TTL);
    }

    static Keeping ofInactive(long reuseNanos) {
        return reuseNanos == 0
                ? new Keeping(Duration.ZERO, Limit.OFF)
                : new Keeping(Duration.ofNanos(reuseNanos), Limit.NEGATIVE_TTL);
    }
}
