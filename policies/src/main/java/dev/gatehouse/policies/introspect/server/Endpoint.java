package dev.gatehouse.policies.introspect.server;

import dev.gatehouse.policies.introspect.answer.Introspection;
import dev.gatehouse.policies.introspect.answer.Introspection.Unavailable;
import dev.gatehouse.policies.introspect.discovery.Discovery;
import dev.gatehouse.policies.introspect.discovery.ServerMetadata;
import dev.gatehouse.policies.introspect.discovery.ServerUrl;
import dev.gatehouse.policies.introspect.report.ServerLog;
import dev.gatehouse.policies.introspect.server.AuthorizationServer.EndpointState;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint of an authorization server with what protects it: a breaker and a bulkhead of its own, so that one that
 * hangs does not take the others with it. Safe on any thread.
 */
final class Endpoint {
    /** A request to the endpoint that {@code metadata} names. */
    private record Discovered(ServerMetadata metadata, IntrospectionRequest request) {}

    private final String label;
    private final IntrospectionRequest template;
    private final @Nullable Discovery discovery;
    private final ServerLog log;
    private final CircuitBreaker breaker;
    private final Bulkhead bulkhead;

    /** The latest that was made; made again by whoever sees other metadata. */
    private volatile @Nullable Discovered discovered;

    /** Whether the call that ended last was a failure of the endpoint. */
    private volatile boolean suspect;

    /** @param discovery tells the endpoint; null = it is in {@code template} */
    Endpoint(
            String label,
            IntrospectionRequest template,
            @Nullable Discovery discovery,
            ServerLog log,
            TokenIntrospector.Protection protection) {
        this.label = label;
        this.template = template;
        this.discovery = discovery;
        this.log = log;
        breaker = new CircuitBreaker(protection.breaker(), protection.ticker(), this::breakerChanged);
        bulkhead = new Bulkhead(protection.bulkhead(), protection.timer());
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
        if (latest == null || latest.metadata() != metadata) {
            latest = new Discovered(metadata, at(metadata));
            discovered = latest;
        }
        return latest.request();
    }

    /** Tells how a call ended that had a permit of the breaker. */
    void record(long permit, Introspection result) {
        boolean outage = result instanceof Unavailable failed && failed.cause().isOutage();
        suspect = outage;
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

    private void breakerChanged() {
        switch (breaker.phase()) {
            case OPEN -> log.breakerOpen(breaker.retryAfterSeconds());
            case HALF_OPEN -> log.breakerHalfOpen();
            case CLOSED -> log.breakerClosed();
        }
    }
}
