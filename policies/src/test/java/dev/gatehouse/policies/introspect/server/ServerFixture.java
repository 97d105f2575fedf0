package dev.gatehouse.policies.introspect.server;

import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.client.Target;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.policies.auth.BearerToken;
import dev.gatehouse.policies.introspect.answer.Introspection;
import dev.gatehouse.policies.introspect.cache.Reuse;
import dev.gatehouse.policies.introspect.cache.TokenKey;
import dev.gatehouse.policies.introspect.credentials.ClientAuthentication;
import dev.gatehouse.policies.introspect.credentials.FixedCredentials;
import dev.gatehouse.policies.introspect.server.AuthorizationServer.Limits;
import dev.gatehouse.policies.introspect.server.AuthorizationServer.Question;
import dev.gatehouse.policies.introspect.server.AuthorizationServer.Surroundings;
import dev.gatehouse.policies.introspect.server.IntrospectionRequest.Bounds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One authorization server over a scripted endpoint, in a time of its own. */
final class ServerFixture {
    static final Bounds BOUNDS =
            new Bounds(Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofSeconds(10), 1, 1 << 20);

    final TimeFixture time = new TimeFixture();
    final EndpointFixture endpoint = new EndpointFixture();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private HttpCaller http = endpoint;
    private int maxEntries = 1000;
    private long maxBytes = 1 << 20;
    private int negativeMaxEntries = 1000;
    private int maxConcurrent = 64;
    private int maxQueue = 1000;
    private boolean breaker = true;

    static Reuse reuse(long activeSeconds, long inactiveSeconds) {
        return new Reuse(TimeUnit.SECONDS.toNanos(activeSeconds), TimeUnit.SECONDS.toNanos(inactiveSeconds), 1024);
    }

    ServerFixture cache(int entries, long bytes, int negativeEntries) {
        maxEntries = entries;
        maxBytes = bytes;
        negativeMaxEntries = negativeEntries;
        return this;
    }

    ServerFixture bulkhead(int concurrent, int queue) {
        maxConcurrent = concurrent;
        maxQueue = queue;
        return this;
    }

    /** Another endpoint than {@link #endpoint}. */
    ServerFixture over(HttpCaller other) {
        http = other;
        return this;
    }

    ServerFixture withoutBreaker() {
        breaker = false;
        return this;
    }

    AuthorizationServer open(Reuse... reuses) {
        return open(FixedCredentials.verbatim(new Secret("Basic x")), reuses);
    }

    AuthorizationServer open(ClientAuthentication authentication, Reuse... reuses) {
        return open(EndpointSet.of(request("as.example.com", authentication)), reuses);
    }

    static IntrospectionRequest request(String host, ClientAuthentication authentication) {
        return new IntrospectionRequest(new Target(host, 443, null), "/introspect", authentication, "access_token");
    }

    AuthorizationServer open(EndpointSet endpoints, Reuse... reuses) {
        Limits limits = new Limits(
                maxEntries,
                maxBytes,
                1 << 18,
                negativeMaxEntries,
                maxConcurrent,
                maxQueue,
                Duration.ofSeconds(1),
                breaker,
                Duration.ofSeconds(10),
                20,
                0.5,
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                3,
                0.2);
        AuthorizationServer server = new AuthorizationServer(
                "as.example.com", endpoints, limits, new Surroundings(http, meters, time, time), time, () -> {});
        for (Reuse reuse : reuses) {
            server.retain(reuse);
        }
        return server;
    }

    /** What a policy does: looks, then asks, then does without an answer if it may. */
    static CompletableFuture<Introspection> introspect(AuthorizationServer server, String token, Reuse reuse) {
        TokenKey key = server.key(token, 0, token.length());
        Introspection known = known(server, token, reuse);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        Question question = server.ask(key, token, reuse, BOUNDS);
        return question.answer().thenApply(answer -> server.orStale(key, reuse, answer));
    }

    /** Only looks. */
    static @Nullable Introspection known(AuthorizationServer server, String token, Reuse reuse) {
        BearerToken bearer =
                new BearerToken(token, 0, token.length(), BearerToken.Place.HEADER, BearerToken.Scheme.BEARER, null);
        return server.known(server.key(token, 0, token.length()), bearer, reuse, BOUNDS);
    }

    double counted(String name, String... tags) {
        return meters.find(name).tags(tags).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }
}
