package dev.gatehouse.policies.introspect.server;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.policies.introspect.answer.AnswerReader;
import dev.gatehouse.policies.introspect.answer.Introspection;
import dev.gatehouse.policies.introspect.answer.Introspection.Unavailable;
import dev.gatehouse.policies.introspect.cache.TokenKey;
import dev.gatehouse.policies.introspect.credentials.Credentials;
import dev.gatehouse.policies.introspect.credentials.Presented;
import dev.gatehouse.policies.introspect.discovery.Discovery;
import dev.gatehouse.policies.introspect.report.Cause;
import dev.gatehouse.policies.introspect.report.ServerLog;
import dev.gatehouse.policies.introspect.report.ServerMeters;
import dev.gatehouse.policies.introspect.server.IntrospectionRequest.Bounds;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks an authorization server about one token at a time: at one of its endpoints, through the breaker and bulkhead of
 * that one, with a safe repetition, at another endpoint when there is one. Safe on any thread; never blocks. Results
 * arrive on whichever thread brought them.
 */
final class TokenIntrospector {
    private static final int MIN_BACKOFF_MILLIS = 20;
    private static final int MAX_BACKOFF_MILLIS = 100;

    private final Rotation rotation;
    private final HttpCaller http;
    private final AnswerReader reader;
    private final RetryBudget budget;
    private final Timer timer;
    private final LongSupplier ticker;
    private final ServerMeters meters;

    TokenIntrospector(EndpointSet set, HttpCaller http, Protection protection, AnswerReader reader) {
        this.http = http;
        this.reader = reader;
        timer = protection.timer();
        ticker = protection.ticker();
        meters = protection.meters();
        budget = new RetryBudget(protection.retryBudget(), ticker);
        rotation = new Rotation(Endpoint.all(set, http, protection), set.strategy());
    }

    /**
     * What stands between the callers and the server.
     *
     * @param breaker of each endpoint
     * @param bulkhead of each endpoint
     * @param retryBudget repetitions for each call, over all endpoints
     */
    record Protection(
            CircuitBreaker.Settings breaker,
            Bulkhead.Settings bulkhead,
            double retryBudget,
            Timer timer,
            LongSupplier ticker,
            ServerMeters meters,
            ServerLog log) {}

    /** At least one. */
    List<Endpoint> endpoints() {
        return rotation.endpoints();
    }

    /**
     * Finds out about a token.
     *
     * @param fingerprint see {@link TokenKey#fingerprint()}
     * @param done called exactly once, with what is known afterwards
     */
    void introspect(String token, String fingerprint, Bounds bounds, Consumer<Introspection> done) {
        new Call(token, fingerprint, bounds, done).begin();
    }

    private Unavailable refused(Cause cause) {
        meters.refused(cause);
        return new Unavailable(cause, rotation.retryAfterSeconds());
    }

    /**
     * One introspection from the queue to its result; the token lives no longer than this. Its steps follow one after
     * the other, on whichever thread.
     */
    private final class Call implements Bulkhead.Task {
        private final String token;
        private final String fingerprint;
        private final Bounds bounds;
        private final Consumer<Introspection> done;
        private final long deadline;
        private final Rotation.Path path = rotation.path();
        private Endpoint endpoint = rotation.endpoints().get(0);
        private int retriesLeft;
        private boolean renewed;
        private @Nullable Credentials credentials;
        private boolean repeated;
        private long permit;
        private long sentAt;

        Call(String token, String fingerprint, Bounds bounds, Consumer<Introspection> done) {
            this.token = token;
            this.fingerprint = fingerprint;
            this.bounds = bounds;
            this.done = done;
            retriesLeft = bounds.retries();
            deadline = ticker.getAsLong() + bounds.totalTimeout().toNanos();
        }

        void begin() {
            next(Cause.BREAKER);
        }

        @Override
        public void refuse() {
            next(Cause.BULKHEAD);
        }

        @Override
        public void start() {
            permit = endpoint.breaker().acquire();
            if (permit == CircuitBreaker.REFUSED) {
                endpoint.bulkhead().release();
                next(Cause.BREAKER);
            } else {
                attempt();
            }
        }

        /** Takes a turn at the next endpoint; {@code cause} is why there is no answer when it was the last one. */
        private void next(Cause cause) {
            @Nullable Endpoint next = path.next();
            if (next == null) {
                done.accept(refused(cause));
                return;
            }
            endpoint = next;
            endpoint.bulkhead().submit(this);
        }

        private void attempt() {
            long remaining = deadline - ticker.getAsLong();
            if (remaining <= 0) {
                finish(new Unavailable(Cause.RESPONSE_TIMEOUT, 1));
                return;
            }
            @Nullable IntrospectionRequest request = endpoint.request();
            if (request == null) {
                discover();
                return;
            }
            request.authentication()
                    .present(Duration.ofNanos(remaining))
                    .whenComplete((presented, failure) -> send(request, presented, failure));
        }

        private void send(IntrospectionRequest request, @Nullable Presented presented, @Nullable Throwable failure) {
            long remaining = deadline - ticker.getAsLong();
            if (presented instanceof Presented.Missing missing) {
                endpoint.log().noCredentials(missing.cause());
                finish(new Unavailable(missing.cause(), 1));
            } else if (remaining <= 0) {
                finish(new Unavailable(Cause.RESPONSE_TIMEOUT, 1));
            } else {
                sentAt = ticker.getAsLong();
                ask(request, presented instanceof Credentials known ? known : null, failure, remaining);
            }
        }

        private void ask(
                IntrospectionRequest request,
                @Nullable Credentials known,
                @Nullable Throwable failure,
                long remaining) {
            credentials = known;
            if (known == null) {
                received(null, failure);
                return;
            }
            if (!repeated && !renewed) {
                budget.called();
            }
            try {
                http.call(request.call(token, known, bounds, Duration.ofNanos(remaining)))
                        .whenComplete(this::received);
            } catch (RuntimeException e) {
                received(null, e);
            }
        }

        private void discover() {
            @Nullable Discovery discovery = endpoint.discovery();
            if (discovery == null) {
                finish(new Unavailable(Cause.INTERNAL, 1));
                return;
            }
            discovery.ready().whenComplete((ready, failure) -> {
                if (endpoint.request() == null) {
                    finish(new Unavailable(Cause.DISCOVERY, discovery.retryAfterSeconds()));
                } else {
                    attempt();
                }
            });
        }

        /** Boundary to foreign code: whatever happened, the waiting requests get an answer, and it is a refusal. */
        private void received(@Nullable CallResult result, @Nullable Throwable failure) {
            AnswerReader.Reading reading;
            if (result == null || failure != null) {
                endpoint.log().failed(failure);
                reading = AnswerReader.Reading.internal();
            } else {
                reading = reader.read(result, fingerprint, ticker.getAsLong());
            }
            meters.duration.record(Duration.ofNanos(ticker.getAsLong() - sentAt));
            meters.request(reading.outcome());
            if (isRefused(reading.introspection()) && renews()) {
                attempt();
                return;
            }
            boolean again = retriesLeft > 0
                    && reading.introspection() instanceof Unavailable failed
                    && repeat(failed, reading.repeatable(), Rotation.allowsAnother(result, reading.repeatable()));
            if (!again) {
                finish(reading.introspection());
            }
        }

        private static boolean isRefused(Introspection introspection) {
            return introspection instanceof Unavailable unavailable && unavailable.cause() == Cause.CREDENTIALS;
        }

        /** Credentials that were refused may only have become old; fresh ones are tried once. */
        private boolean renews() {
            @Nullable Credentials refused = credentials;
            @Nullable IntrospectionRequest request = endpoint.request();
            boolean first = !renewed;
            renewed = true;
            return first
                    && refused != null
                    && request != null
                    && request.authentication().renew(refused);
        }

        private boolean repeat(Unavailable failed, boolean here, boolean elsewhere) {
            @Nullable Endpoint other = elsewhere ? path.peek() : null;
            Duration pause =
                    Duration.ofMillis(ThreadLocalRandom.current().nextInt(MIN_BACKOFF_MILLIS, MAX_BACKOFF_MILLIS + 1));
            if ((other == null && !here) || deadline - ticker.getAsLong() <= pause.toNanos()) {
                return false;
            }
            // An endpoint that seems well is what the others are written down for: going there is no load that a
            // failing server has to be spared.
            boolean free = other != null && !other.isSuspect();
            if (!free && !budget.take()) {
                return false;
            }
            retriesLeft--;
            repeated = true;
            meters.retry(failed.cause());
            if (other == null) {
                timer.after(pause, this::attempt);
            } else {
                endpoint.log().unavailable(failed.cause());
                endpoint.record(permit, failed);
                endpoint.bulkhead().release();
                timer.after(pause, () -> next(Cause.BREAKER));
            }
            return true;
        }

        private void finish(Introspection introspection) {
            try {
                endpoint.record(permit, introspection);
                if (introspection instanceof Unavailable unavailable) {
                    endpoint.log().unavailable(unavailable.cause());
                }
                done.accept(introspection);
            } finally {
                endpoint.bulkhead().release();
            }
        }
    }
}
