package dev.gatehouse.policies.introspect;

import dev.gatehouse.client.Target;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.policies.introspect.OAuth2IntrospectPolicy.Config;
import dev.gatehouse.policies.introspect.cache.Reuse;
import dev.gatehouse.policies.introspect.options.CacheOptions;
import dev.gatehouse.policies.introspect.options.ClientAuthOptions;
import dev.gatehouse.policies.introspect.options.ResilienceOptions;
import dev.gatehouse.policies.introspect.options.TlsOptions;
import dev.gatehouse.policies.introspect.server.AuthorizationServer.Limits;
import dev.gatehouse.policies.introspect.server.IntrospectionRequest;
import dev.gatehouse.policies.introspect.server.IntrospectionRequest.Authentication;
import dev.gatehouse.policies.introspect.server.IntrospectionRequest.Bounds;
import dev.gatehouse.policy.PolicyContext;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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
        return new IntrospectionPlan(request(config, context), limits(config), bounds, byMethod, delay);
    }

    private static IntrospectionRequest request(Config config, PolicyContext context) {
        URI endpoint = config.endpoint();
        boolean secure = "https".equalsIgnoreCase(endpoint.getScheme());
        int port = endpoint.getPort() >= 0 ? endpoint.getPort() : secure ? 443 : 80;
        String host = endpoint.getHost();
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        String path = endpoint.getRawPath().isEmpty() ? "/" : endpoint.getRawPath();
        String target = endpoint.getRawQuery() == null ? path : path + '?' + endpoint.getRawQuery();
        String hint = config.request().tokenTypeHint();
        return new IntrospectionRequest(
                new Target(name, port, secure ? tls(config.tls(), context) : null),
                target,
                authentication(config),
                hint.equals("none") ? null : hint,
                new AnswerFormat(config).signed(tls(config.tls(), context)));
    }

    private static TlsSettings tls(TlsOptions tls, PolicyContext context) {
        var ca = tls.ca().stream().map(Path::toString).map(context::resolve).toList();
        return context.checked(new TlsSettings(!tls.insecureSkipVerify(), ca, null, null, tls.serverName()));
    }

    private static Authentication authentication(Config config) {
        if (config.authorizationValue() != null) {
            return Authentication.verbatim(config.authorizationValue());
        }
        @Nullable ClientAuthOptions auth = config.clientAuth();
        if (auth == null) {
            return Authentication.none();
        }
        return auth.method().equals(ClientAuthOptions.BASIC)
                ? Authentication.basic(auth.clientId(), auth.clientSecret())
                : Authentication.post(auth.clientId(), auth.clientSecret());
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
