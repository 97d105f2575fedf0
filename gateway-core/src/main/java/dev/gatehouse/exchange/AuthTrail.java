package dev.gatehouse.exchange;

import org.jspecify.annotations.Nullable;

/**
 * What the access log tells about authentication. Written by authentication policies on the exchange's event loop,
 * read once at the end. Never holds a token.
 */
public final class AuthTrail {
    /** Field {@code auth}. */
    public enum Result {
        NONE,
        OK,
        DENIED,
        ERROR
    }

    /** Field {@code auth_source}: where the verdict about the token came from. */
    public enum Source {
        CACHE,
        INTROSPECTED,
        JOINED,
        NEGATIVE,
        STALE
    }

    private Result result = Result.NONE;
    private @Nullable String reason;
    private @Nullable Source source;
    private long introspectNanos;
    private @Nullable String tokenFingerprint;
    private @Nullable String decidedBy;

    /** Records the outcome; a later authentication policy of the same exchange overwrites it. */
    public void result(Result result, @Nullable String reason) {
        this.result = result;
        this.reason = reason;
    }

    public void source(@Nullable Source source, long introspectNanos) {
        this.source = source;
        this.introspectNanos = introspectNanos;
    }

    /** 8 hexadecimal digits of a keyed hash. */
    public void tokenFingerprint(String digits) {
        this.tokenFingerprint = digits;
    }

    /** {@code policy@line} of the step that answered. */
    public void decidedBy(String step) {
        this.decidedBy = step;
    }

    public Result result() {
        return result;
    }

    public @Nullable String reason() {
        return reason;
    }

    public @Nullable Source source() {
        return source;
    }

    public long introspectNanos() {
        return introspectNanos;
    }

    public @Nullable String tokenFingerprint() {
        return tokenFingerprint;
    }

    public @Nullable String decidedBy() {
        return decidedBy;
    }
}
