package dev.gatehouse.policies.introspect.client;

import dev.gatehouse.policies.introspect.cache.Reuse;
import dev.gatehouse.policies.introspect.discovery.Discovery;
import dev.gatehouse.policies.introspect.discovery.ServerUrl;
import dev.gatehouse.policies.introspect.options.CacheOptions;
import dev.gatehouse.policies.introspect.options.IntrospectOptions;
import dev.gatehouse.policies.introspect.options.RequestOptions;
import dev.gatehouse.policies.introspect.options.ResilienceOptions;
import dev.gatehouse.policies.introspect.options.ServerOptions;
import dev.gatehouse.policies.introspect.server.AuthorizationServer.Limits;
import dev.gatehouse.policies.introspect.server.EndpointSet;
import dev.gatehouse.policies.introspect.server.EndpointSet.Strategy;
import dev.gatehouse.policies.introspect.server.IntrospectionRequest;
import dev.gatehouse.policies.introspect.server.IntrospectionRequest.Bounds;
import dev.gatehouse.policies.introspect.server.RequestAdditions;
import dev.gatehouse.policy.PolicyContext;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration means for asking and remembering. Immutable.
 *
 * @param revocationDelaySeconds longest time a revoked token still passes; infinite when nothing bounds it
 */
public record IntrospectionPlan(
        EndpointSet endpoints, Limits limits, Bounds bounds, ReuseByMethod reuse, double revocationDelaySeconds) {
    private static final long WORTH_REFRESHING = TimeUnit.SECONDS.toNanos(10);
    private static final double DEFAULT_REFRESH_AHEAD = 0.8;

    /**
     * The plan for one server.
     *
     * @param provider name of the block that {@code config} is; null = the policy has only this one
     * @throws dev.gatehouse.policy.ConfigProblem when a file or a variable of the environment cannot be used
     */
    public static IntrospectionPlan of(IntrospectOptions config, PolicyContext context, @Nullable String provider) {
        Bounds bounds = bounds(config);
        Reuse reuse = reuse(config);
        double delay = reuse.longestNanos() == Long.MAX_VALUE
                ? Double.POSITIVE_INFINITY
                : (reuse.longestNanos() + bounds.totalTimeout().toNanos()) / (double) TimeUnit.SECONDS.toNanos(1);
        ReuseByMethod byMethod = ReuseByMethod.of(reuse, config.cache().methods());
        return new IntrospectionPlan(
                endpoints(config, context, bounds, provider), limits(config), bounds, byMethod, delay);
    }

    private static EndpointSet endpoints(
            IntrospectOptions config, PolicyContext context, Bounds bounds, @Nullable String provider) {
        ServerTargets targets = new ServerTargets(config.tls(), config.clientAuth(), config.proxy(), context);
        CredentialsPlan credentials =
                new CredentialsPlan(config.authorizationValue(), config.clientAuth(), targets, context, bounds);
        Strategy strategy =
                config.strategy().equals(ServerOptions.ROUND_ROBIN) ? Strategy.ROUND_ROBIN : Strategy.FAILOVER;
        if (config.issuer() != null) {
            IntrospectionRequest request = request(config.issuer(), config, targets, credentials);
            Discovery.Key key = new Discovery.Key(config.issuer().toString(), request.target());
            Discovery discovery = context.shared(key, () -> Discovery.open(key, context.http(), context.ticker()));
            return new EndpointSet(List.of(request), strategy, discovery, provider);
        }
        List<URI> urls = config.endpoint() == null ? config.endpoints() : List.of(config.endpoint());
        List<IntrospectionRequest> requests = urls.stream()
                .map(url -> request(url, config, targets, credentials))
                .toList();
        return new EndpointSet(requests, strategy, null, provider);
    }

    private static IntrospectionRequest request(
            URI server, IntrospectOptions config, ServerTargets targets, CredentialsPlan credentials) {
        RequestOptions options = config.request();
        return new IntrospectionRequest(
                targets.of(server),
                new ServerUrl(server).requestTarget(),
                credentials.at(server),
                options.tokenTypeHint().equals("none") ? null : options.tokenTypeHint(),
                new RequestAdditions(
                        options.tokenParam(), options.params(), options.headers(), config.connectionIdle()),
                new AnswerFormat(config).signed(targets));
    }

    private static Limits limits(IntrospectOptions config) {
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
                breaker.probes(),
                resilience.retries().budget());
    }

    private static Bounds bounds(IntrospectOptions config) {
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

    private static Reuse reuse(IntrospectOptions config) {
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
