package dev.gatehouse.policies.introspect.start;

import dev.gatehouse.policies.introspect.options.CacheOptions;
import dev.gatehouse.policies.introspect.options.IntrospectOptions;
import org.jspecify.annotations.Nullable;

/** The part of {@link StartCheck} that is about answers which are used again. Start-up thread. */
final class CacheCheck {
    private static final int LONG_TTL_SECONDS = 300;

    private final IntrospectOptions config;
    private final StartCheck check;

    CacheCheck(IntrospectOptions config, StartCheck check) {
        this.config = config;
        this.check = check;
    }

    /** @throws dev.gatehouse.policy.ConfigProblem when options contradict each other */
    void run() {
        refuseWhatNeedsKeptAnswers();
        warnAboutLongUse();
    }

    /** Nothing is kept, so nothing can be refreshed, used while the server is down, or be young enough for a method. */
    private void refuseWhatNeedsKeptAnswers() {
        CacheOptions cache = config.cache();
        if (keeps()) {
            return;
        }
        @Nullable
        String useless = !cache.staleIfError().isZero()
                ? "staleIfError"
                : cache.refreshAhead() != null && cache.refreshAhead() > 0
                        ? "refreshAhead"
                        : cache.methods().values().stream().anyMatch(age -> !age.isZero()) ? "methods" : null;
        if (useless != null) {
            check.refuse(
                    "cache." + useless,
                    "'cache." + useless + "' needs kept answers, and this configuration keeps none",
                    "set 'cache.enabled: true' and a ttl, or remove it.");
        }
    }

    private boolean keeps() {
        CacheOptions cache = config.cache();
        boolean ttl = config.ttl() > 0 || (config.ttl() == 0 && cache.ttlZero().equals(CacheOptions.UNTIL_EXP));
        boolean off = cache.maxTtl() != null && cache.maxTtl().isZero();
        return cache.enabled() && ttl && !off;
    }

    private void warnAboutLongUse() {
        CacheOptions cache = config.cache();
        if (!cache.enabled()) {
            return;
        }
        if (config.ttl() > LONG_TTL_SECONDS) {
            check.warn(
                    "W0426",
                    "ttl",
                    "a revoked token passes for up to " + config.ttl() + " s",
                    "a ttl of at most " + LONG_TTL_SECONDS + " is usual.");
        }
        long stale = config.ttl() + cache.staleIfError().toSeconds();
        if (config.ttl() <= LONG_TTL_SECONDS && stale > LONG_TTL_SECONDS) {
            check.warn(
                    "W0435",
                    "cache.staleIfError",
                    "while the server is down, a revoked token passes for up to " + stale + " s",
                    "a ttl and a staleIfError of at most " + LONG_TTL_SECONDS + " s together are usual.");
        }
        if (config.ttl() == 0 && cache.ttlZero().equals(CacheOptions.UNTIL_EXP) && cache.maxTtl() == null) {
            check.warn(
                    "W0427",
                    "ttl",
                    "revocation delay: unbounded; with 'ttl: 0' an answer is used until the token ends",
                    "set a ttl, or 'cache.ttlZero: noCache' for what Express Gateway did.");
        }
    }
}
