package dev.gatehouse.policies.introspect.server;

import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.policies.introspect.answer.Introspection;
import dev.gatehouse.policies.introspect.answer.Introspection.Unavailable;
import dev.gatehouse.policies.introspect.discovery.Discovery;
import dev.gatehouse.policies.introspect.discovery.ServerMetadata;
import dev.gatehouse.policies.introspect.discovery.ServerUrl;
import dev.gatehouse.policies.introspect.report.ServerLog;
import dev.gatehouse.policies.introspect.server.AuthorizationServer.EndpointState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint of an authorization server with what protects it: a breaker and a bulkhead of its own, so that one that
 * hangs does not take the others with it. Safe on any thread.
 */
final class Endpoint {
    /** A request to the endpoint that {@code metadata} names. */
    private record Discovered(ServerMetadata metadata, IntrospectionRequest request) {}

    private static final Duration CONNECT = Duration.ofSeconds(2);

    private final String label;
    private final IntrospectionRequest template;
    private final @Nullable Discovery discovery;
    private final ServerLog log;
    private final CircuitBreaker breaker;
    private final Bulkhead bulkhead;
    private final ReachabilityProbe probe;

    /** The latest that was made; made again by whoever sees other metadata. */
    private volatile @Nullable Discovered discovered;

    /** Whether the call that ended last was a failure of the endpoint. */
    private volatile boolean suspect;

    /** @param discovery tells the endpoint; null = it is in {@code template} */
    Endpoint(
            String label,
            IntrospectionRequest template,
            @Nullable Discovery discovery,
            HttpCaller http,
            ServerLog log,
            TokenIntrospector.Protection protection) {
        this.label = label;
        this.template = template;
        this.discovery = discovery;
        this.log = log;
        breaker = new CircuitBreaker(protection.breaker(), protection.ticker(), this::breakerChanged);
        bulkhead = new Bulkhead(protection.bulkhead(), protection.timer());
        probe = new ReachabilityProbe(breaker, () -> reaches(http), protection.timer(), protection.ticker());
    }

    /** Those of a server; when two have one authority, their names tell them apart. */
    static List<Endpoint> all(EndpointSet set, HttpCaller http, TokenIntrospector.Protection protection) {
        Map<String, Integer> names = new HashMap<>();
        List<Endpoint> endpoints = new ArrayList<>();
        for (IntrospectionRequest request : set.requests()) {
            String authority = request.target().authority();
            int count = names.merge(authority, 1, Integer::sum);
            String label = count == 1 ? authority : authority + '#' + count;
            ServerLog log = set.requests().size() == 1
                    ? protection.log()
                    : protection.log().at(label);
            endpoints.add(new Endpoint(label, request, set.discovery(), http, log, protection));
        }
        return endpoints;
    }

    String label() {
        return label;
    }

    ServerLog log() {
        return log;
    }

    CircuitBreaker breaker() {
        return breaker;
    }

    Bulkhead bulkhead() {
        return bulkhead;
    }

    @Nullable
    Discovery discovery() {
        return discovery;
    }

    /** Whether its breaker lets a call through; when it does not, somebody would have liked to make one. */
    boolean takesCalls() {
        if (!breaker.refuses()) {
            return true;
        }
        probe.refused();
        return false;
    }

    boolean isSuspect() {
        return suspect;
    }

    /** What to send; null = nobody knows yet where to. */
    @Nullable
    IntrospectionRequest request() {
        if (discovery == null) {
            return template;
        }
        @Nullable ServerMetadata metadata = discovery.current();
        if (metadata == null) {
            return null;
        }
        @Nullable Discovered latest = discovered;
        if (latest == null || !latest.metadata().equals(metadata)) {
            latest = new Discovered(metadata, at(metadata));
            discovered = latest;
        }
        return latest.request();
    }

    /** Tells how a call ended that had a permit of the breaker. */
    void record(long permit, Introspection result) {
        boolean outage = result instanceof Unavailable failed && failed.cause().isOutage();
        suspect = outage;
        probe.ended(result instanceof Unavailable failed ? failed.cause() : null);
        breaker.record(permit, outage);
    }

    EndpointState state() {
        @Nullable IntrospectionRequest request = request();
        return new EndpointState(
                label,
                request == null ? null : request.url(),
                breaker.phase().name().toLowerCase(Locale.ROOT),
                bulkhead.open(),
                bulkhead.queued());
    }

    private IntrospectionRequest at(ServerMetadata metadata) {
        boolean certificate =
                template.target().tls() != null && template.target().tls().cert() != null;
        ServerUrl url = metadata.introspectionEndpoint(certificate);
        return template.at(url.like(template.target()), url.requestTarget());
    }

    private CompletionStage<Boolean> reaches(HttpCaller http) {
        @Nullable IntrospectionRequest request = request();
        return request == null ? CompletableFuture.completedFuture(false) : http.reaches(request.target(), CONNECT);
    }

    private void breakerChanged() {
        switch (breaker.phase()) {
            case OPEN -> log.breakerOpen(breaker.retryAfterSeconds());
            case HALF_OPEN -> log.breakerHalfOpen();
            case CLOSED -> log.breakerClosed();
        }
    }
}
