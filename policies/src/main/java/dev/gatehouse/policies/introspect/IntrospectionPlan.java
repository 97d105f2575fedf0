package dev.gatehouse.policies.introspect;

import dev.gatehouse.policies.introspect.OAuth2IntrospectPolicy.Config;
import dev.gatehouse.policies.introspect.cache.Reuse;
import dev.gatehouse.policies.introspect.options.CacheOptions;
import dev.gatehouse.policies.introspect.options.ResilienceOptions;
import dev.gatehouse.policies.introspect.server.AuthorizationServer.Limits;
import dev.gatehouse.policies.introspect.server.IntrospectionRequest;
import dev.gatehouse.policies.introspect.server.IntrospectionRequest.Bounds;
import dev.gatehouse.policies.introspect.server.RequestAdditions;
import dev.gatehouse.policy.PolicyContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a configuration means for asking and remembering. Immutable.
 *
 * @param revocationDelaySeconds longest time a revoked token still passes; infinite when nothing bounds it
 */
record IntrospectionPlan(
        IntrospectionRequest request,
        Limits limits,
        Bounds bounds,
        ReuseByMethod reuse,
        double revocationDelaySeconds) {
    private static final long WORTH_REFRESHING = TimeUnit.SECONDS.toNanos(10);
    private static final double DEFAULT_REFRESH_AHEAD = 0.8;

    static IntrospectionPlan of(Config config, PolicyContext context) {
        Bounds bounds = bounds(config);
        Reuse reuse = reuse(config);
        double delay = reuse.longestNanos() == Long.MAX_VALUE
                ? Double.POSITIVE_INFINITY
                : (reuse.longestNanos() + bounds.totalTimeout().toNanos()) / (double) TimeUnit.SECONDS.toNanos(1);
        ReuseByMethod byMethod = ReuseByMethod.of(reuse, config.cache().methods());
        return new IntrospectionPlan(request(config, context, bounds), limits(config), bounds, byMethod, delay);
    }

    private static IntrospectionRequest request(Config config, PolicyContext context, Bounds bounds) {
        ServerTargets targets = new ServerTargets(config, context);
        String hint = config.request().tokenTypeHint();
        return new IntrospectionRequest(
                targets.of(config.endpoint()),
                ServerTargets.requestTarget(config.endpoint()),
                new CredentialsPlan(config, context, targets, bounds, null).authentication(),
                hint.equals("none") ? null : hint,
                new RequestAdditions(
                        config.request().tokenParam(),
                        config.request().params(),
                        config.request().headers(),
                        config.connectionIdle()));
    }

    private static Limits limits(Config config) {
        CacheOptions cache = config.cache();
        ResilienceOptions resilience = config.resilience();
        ResilienceOptions.Breaker breaker = resilience.circuitBreaker();
        return new Limits(
                cache.maxEntries(),
                cache.maxBytes(),
                cache.maxAnswerBytes(),
                cache.negativeMaxEntries(),
                resilience.maxConcurrent(),
                resilience.maxQueue(),
                resilience.queueTimeout(),
                breaker.enabled(),
                breaker.window(),
                breaker.minimumCalls(),
                breaker.failureRatio(),
                breaker.openFor(),
                breaker.maxOpenFor(),
                breaker.probes());
    }

    private static Bounds bounds(Config config) {
        ResilienceOptions resilience = config.resilience();
        Duration timeout = Duration.ofMillis(config.timeout());
        Duration total = resilience.totalTimeout() == null ? timeout : resilience.totalTimeout();
        Duration connect = resilience.connectTimeout();
        return new Bounds(
                connect.compareTo(timeout) < 0 ? connect : timeout,
                timeout,
                total,
                resilience.retries().max(),
                config.response().maxBytes());
    }

    private static Reuse reuse(Config config) {
        CacheOptions cache = config.cache();
        if (!cache.enabled() || config.ttl() < 0) {
            return new Reuse(0, 0, 0, 0, 0, cache.maxWaiters(), cache.joinInFlight());
        }
        long active = config.ttl() > 0
                ? TimeUnit.SECONDS.toNanos(config.ttl())
                : cache.ttlZero().equals(CacheOptions.UNTIL_EXP) ? Long.MAX_VALUE : 0;
        if (cache.maxTtl() != null) {
            active = Math.min(active, cache.maxTtl().toNanos());
        }
        return new Reuse(
                active,
                cache.negativeTtl().toNanos(),
                cache.staleIfError().toNanos(),
                cache.jitter(),
                refreshAhead(cache, active),
                cache.maxWaiters(),
                cache.joinInFlight());
    }

    /** By default only where a call more per life of an entry is little. */
    private static double refreshAhead(CacheOptions cache, long activeNanos) {
        if (cache.refreshAhead() != null) {
            return cache.refreshAhead();
        }
        return activeNanos >= WORTH_REFRESHING && activeNanos != Long.MAX_VALUE ? DEFAULT_REFRESH_AHEAD : 0;
    }
}
