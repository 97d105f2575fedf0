package dev.gatehouse.policies.introspect.server;

import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.policies.auth.BearerToken;
import dev.gatehouse.policies.introspect.answer.AnswerReader;
import dev.gatehouse.policies.introspect.answer.Introspection;
import dev.gatehouse.policies.introspect.answer.Introspection.Active;
import dev.gatehouse.policies.introspect.answer.Introspection.Unavailable;
import dev.gatehouse.policies.introspect.cache.Entry;
import dev.gatehouse.policies.introspect.cache.Reuse;
import dev.gatehouse.policies.introspect.cache.TokenCache;
import dev.gatehouse.policies.introspect.cache.TokenHasher;
import dev.gatehouse.policies.introspect.cache.TokenKey;
import dev.gatehouse.policies.introspect.report.Cause;
import dev.gatehouse.policies.introspect.report.ServerLog;
import dev.gatehouse.policies.introspect.report.ServerMeters;
import dev.gatehouse.policies.introspect.server.IntrospectionRequest.Bounds;
import dev.gatehouse.policies.introspect.signed.Authority;
import dev.gatehouse.policies.introspect.signed.SignedAnswers;
import dev.gatehouse.policies.introspect.signed.SignedFormat;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One authorization server under one introspection identity: its cache and its protected endpoints. All policies whose
 * requests are equal share it, also across reloads; any difference gives another one. Safe on any thread.
 */
public final class AuthorizationServer implements AutoCloseable {
    /**
     * What makes two policies share a server.
     *
     * @param identity digest of everything that is sent besides the token
     */
    public record Key(String identity, Limits limits) {
        public static Key of(EndpointSet endpoints, Limits limits) {
            return new Key(HexFormat.of().formatHex(endpoints.identity()), limits);
        }
    }

    /** Bounds of what is kept and of what the server has to bear. */
    public record Limits(
            int maxEntries,
            long maxBytes,
            int maxAnswerBytes,
            int negativeMaxEntries,
            int maxConcurrent,
            int maxQueue,
            Duration queueTimeout,
            boolean breakerEnabled,
            Duration breakerWindow,
            int breakerMinimumCalls,
            double breakerFailureRatio,
            Duration breakerOpen,
            Duration breakerMaxOpen,
            int breakerProbes,
            double retryBudget) {
        private TokenCache.Settings cache() {
            return new TokenCache.Settings(maxEntries, maxBytes, maxAnswerBytes, negativeMaxEntries);
        }

        private Bulkhead.Settings bulkhead() {
            return new Bulkhead.Settings(maxConcurrent, maxQueue, queueTimeout);
        }

        private CircuitBreaker.Settings breaker() {
            return new CircuitBreaker.Settings(
                    breakerEnabled,
                    breakerWindow,
                    breakerMinimumCalls,
                    breakerFailureRatio,
                    breakerOpen,
                    breakerMaxOpen,
                    breakerProbes);
        }
    }

    /** What the gateway lends to a server. */
    public record Surroundings(HttpCaller http, MeterRegistry meters, InstantSource clock, LongSupplier ticker) {}

    /**
     * A question under way.
     *
     * @param answer completes normally; not to be completed or cancelled by the caller
     * @param joined whether somebody else asked first
     */
    public record Question(CompletableFuture<Introspection> answer, boolean joined) {}

    /**
     * How a server does at this moment.
     *
     * @param breaker {@code closed}, {@code half_open} or {@code open}: that of the endpoint that does best
     * @param entries active answers kept
     * @param bytes what they are taken to need
     * @param inactiveEntries inactive answers kept
     * @param issuer where the endpoint was discovered; null = it is configured
     * @param endpoints each endpoint, in the order of the configuration
     */
    public record State(
            String server,
            String breaker,
            int inFlight,
            int queued,
            long entries,
            long bytes,
            long inactiveEntries,
            ServerMeters.Totals totals,
            @Nullable String issuer,
            List<EndpointState> endpoints) {}

    /**
     * How one endpoint does.
     *
     * @param endpoint its name in logs and metrics
     * @param url without its query; null = not discovered yet
     * @param breaker {@code closed}, {@code half_open} or {@code open}
     */
    public record EndpointState(String endpoint, @Nullable String url, String breaker, int inFlight, int queued) {}

    private final String alias;
    private final @Nullable String issuer;
    private final TokenHasher hasher;
    private final TokenCache cache;
    private final TokenIntrospector introspector;
    private final RefreshAhead refreshAhead;
    private final ServerMeters meters;
    private final Runnable onClose;

    /**
     * Makes a server; start-up thread.
     *
     * @param alias its name in logs and metrics
     * @param onClose told when no policy uses it any more
     */
    public static AuthorizationServer open(
            String alias, EndpointSet endpoints, Limits limits, Surroundings around, Runnable onClose) {
        return new AuthorizationServer(alias, endpoints, limits, around, Timer.SYSTEM, onClose);
    }

    AuthorizationServer(
            String alias, EndpointSet endpoints, Limits limits, Surroundings around, Timer timer, Runnable onClose) {
        this.alias = alias;
        this.onClose = onClose;
        issuer = endpoints.discovery() == null ? null : endpoints.discovery().issuer();
        hasher = new TokenHasher(endpoints.identity());
        meters = new ServerMeters(around.meters(), alias);
        ServerLog log = new ServerLog(alias, around.ticker());
        cache = new TokenCache(limits.cache(), around.ticker(), around.clock(), meters);
        introspector = new TokenIntrospector(
                endpoints,
                caller(endpoints, around, log),
                new TokenIntrospector.Protection(
                        limits.breaker(), limits.bulkhead(), limits.retryBudget(), timer, around.ticker(), meters, log),
                new AnswerReader(meters, log));
        refreshAhead =
                new RefreshAhead(cache, introspector, Math.max(1, limits.maxConcurrent() / 4), around.ticker(), meters);
        for (Endpoint endpoint : introspector.endpoints()) {
            Tags tag = Tags.of("endpoint", endpoint.label());
            meters.gauge("in.flight", tag, endpoint.bulkhead(), Bulkhead::open);
            meters.gauge("queued", tag, endpoint.bulkhead(), Bulkhead::queued);
            meters.gauge("breaker.state", tag, endpoint.breaker(), breaker -> breaker.phase().gauge);
        }
    }

    private static HttpCaller caller(EndpointSet endpoints, Surroundings around, ServerLog log) {
        SignedFormat format = endpoints.requests().get(0).signed();
        if (format == null) {
            return around.http();
        }
        SignedAnswers.Surroundings lent =
                new SignedAnswers.Surroundings(around.http(), around.clock(), around.ticker(), log);
        return SignedAnswers.over(lent, format, () -> Authority.of(format, endpoints.discovery()));
    }

    public String alias() {
        return alias;
    }

    /** Keeps answers as long as {@code reuse} needs them. */
    public void retain(Reuse reuse) {
        cache.retain(reuse);
    }

    /** The key of the token in {@code text[start, end)}: visible ASCII. */
    public TokenKey key(String text, int start, int end) {
        return hasher.key(text, start, end);
    }

    /** What is known without a call, or null. An answer that grows old is asked for again in the background. */
    public @Nullable Introspection known(TokenKey key, BearerToken token, Reuse reuse, Bounds bounds) {
        Entry entry = cache.fresh(key, reuse);
        if (entry == null) {
            return cache.inactive(key, reuse);
        }
        if (reuse.refreshAhead() > 0) {
            refreshAhead.used(entry, token, reuse, bounds);
        }
        return entry.active();
    }

    /** What to go on with: the answer itself, or an older one when the server could not be asked and {@code reuse} allows. */
    public Introspection orStale(TokenKey key, Reuse reuse, Introspection answer) {
        boolean allowed = answer instanceof Unavailable failed && failed.cause().allowsStale();
        Active stale = allowed ? cache.stale(key, reuse) : null;
        return stale == null ? answer : stale;
    }

    /** Asks, or joins a request that asks already. The answer may be there at once. */
    public Question ask(TokenKey key, String token, Reuse reuse, Bounds bounds) {
        boolean[] first = new boolean[1];
        CompletableFuture<Introspection> answer = cache.fly(key, reuse, flight -> {
            first[0] = true;
            try {
                introspector.introspect(token, key.fingerprint(), bounds, result -> cache.land(key, flight, result));
            } catch (RuntimeException e) {
                // Nobody may be left waiting for a call that never began.
                cache.land(key, flight, new Unavailable(Cause.INTERNAL, 1));
                throw e;
            }
        });
        return new Question(answer, !first[0]);
    }

    /** Forgets a token; answers of calls under way are not kept. Returns how many entries went. */
    public int purgeToken(String token) {
        return cache.purge(hasher.key(token, 0, token.length()));
    }

    /** See {@link TokenCache#purge(String, String)}. */
    public int purgeClaim(String claim, String value) {
        return cache.purge(claim, value);
    }

    /** Forgets everything. */
    public int purgeAll() {
        return cache.purgeAll();
    }

    public State state() {
        List<EndpointState> states =
                introspector.endpoints().stream().map(Endpoint::state).toList();
        CircuitBreaker.Phase best = introspector.endpoints().stream()
                .map(endpoint -> endpoint.breaker().phase())
                .min(Comparator.naturalOrder())
                .orElseThrow();
        return new State(
                alias,
                best.name().toLowerCase(Locale.ROOT),
                states.stream().mapToInt(EndpointState::inFlight).sum(),
                states.stream().mapToInt(EndpointState::queued).sum(),
                cache.entries(),
                cache.bytes(),
                cache.inactiveEntries(),
                meters.totals(),
                issuer,
                states);
    }

    @Override
    public void close() {
        meters.close();
        onClose.run();
    }
}
