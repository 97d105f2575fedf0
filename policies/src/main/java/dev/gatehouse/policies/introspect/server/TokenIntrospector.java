package dev.gatehouse.policies.introspect.server;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.policies.introspect.answer.AnswerReader;
import dev.gatehouse.policies.introspect.answer.Introspection;
import dev.gatehouse.policies.introspect.answer.Introspection.Unavailable;
import dev.gatehouse.policies.introspect.cache.TokenKey;
import dev.gatehouse.policies.introspect.credentials.Credentials;
import dev.gatehouse.policies.introspect.credentials.Presented;
import dev.gatehouse.policies.introspect.report.Cause;
import dev.gatehouse.policies.introspect.report.ServerLog;
import dev.gatehouse.policies.introspect.report.ServerMeters;
import dev.gatehouse.policies.introspect.server.IntrospectionRequest.Bounds;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks an authorization server about one token at a time, through breaker and bulkhead, with one safe repetition.
 * Safe on any thread; never blocks. Results arrive on whichever thread brought them.
 */
final class TokenIntrospector {
    private static final int MIN_BACKOFF_MILLIS = 20;
    private static final int MAX_BACKOFF_MILLIS = 100;
    private static final Duration CONNECT = Duration.ofSeconds(2);

    private final IntrospectionRequest request;
    private final HttpCaller http;
    private final AnswerReader reader;
    private final CircuitBreaker breaker;
    private final Bulkhead bulkhead;
    private final ReachabilityProbe probe;
    private final Timer timer;
    private final LongSupplier ticker;
    private final ServerMeters meters;
    private final ServerLog log;

    TokenIntrospector(IntrospectionRequest request, HttpCaller http, Protection protection, AnswerReader reader) {
        this.request = request;
        this.http = http;
        this.reader = reader;
        timer = protection.timer();
        ticker = protection.ticker();
        meters = protection.meters();
        log = protection.log();
        breaker = new CircuitBreaker(protection.breaker(), ticker, this::breakerChanged);
        bulkhead = new Bulkhead(protection.bulkhead(), timer);
        probe = new ReachabilityProbe(breaker, () -> http.reaches(request.target(), CONNECT), timer, ticker);
    }

    /** What stands between the callers and the server. */
    record Protection(
            CircuitBreaker.Settings breaker,
            Bulkhead.Settings bulkhead,
            Timer timer,
            LongSupplier ticker,
            ServerMeters meters,
            ServerLog log) {}

    CircuitBreaker breaker() {
        return breaker;
    }

    Bulkhead bulkhead() {
        return bulkhead;
    }

    /**
     * Finds out about a token.
     *
     * @param fingerprint see {@link TokenKey#fingerprint()}
     * @param done called exactly once, with what is known afterwards
     */
    void introspect(String token, String fingerprint, Bounds bounds, Consumer<Introspection> done) {
        if (breaker.refuses()) {
            done.accept(refused(Cause.BREAKER));
            return;
        }
        bulkhead.submit(new Call(token, fingerprint, bounds, done));
    }

    private Unavailable refused(Cause cause) {
        meters.refused(cause);
        if (cause == Cause.BREAKER) {
            probe.refused();
        }
        return new Unavailable(cause, breaker.retryAfterSeconds());
    }

    private void breakerChanged() {
        switch (breaker.phase()) {
            case OPEN -> log.breakerOpen(breaker.retryAfterSeconds());
            case HALF_OPEN -> log.breakerHalfOpen();
            case CLOSED -> log.breakerClosed();
        }
    }

    /** One introspection from the queue to its result; the token lives no longer than this. */
    private final class Call implements Bulkhead.Task {
        private final String token;
        private final String fingerprint;
        private final Bounds bounds;
        private final Consumer<Introspection> done;
        private final long deadline;
        private int retriesLeft;
        private boolean renewed;
        private @Nullable Credentials credentials;
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

        @Override
        public void refuse() {
            done.accept(refused(Cause.BULKHEAD));
        }

        @Override
        public void start() {
            permit = breaker.acquire();
            if (permit == CircuitBreaker.REFUSED) {
                finish(refused(Cause.BREAKER));
            } else {
                attempt();
            }
        }

        private void attempt() {
            long remaining = deadline - ticker.getAsLong();
            if (remaining <= 0) {
                finish(new Unavailable(Cause.RESPONSE_TIMEOUT, 1));
                return;
            }
            request.authentication().present(Duration.ofNanos(remaining)).whenComplete(this::send);
        }

        private void send(@Nullable Presented presented, @Nullable Throwable failure) {
            long remaining = deadline - ticker.getAsLong();
            if (presented instanceof Presented.Missing missing) {
                log.noCredentials(missing.cause());
                finish(new Unavailable(missing.cause(), 1));
            } else if (remaining <= 0) {
                finish(new Unavailable(Cause.RESPONSE_TIMEOUT, 1));
            } else {
                sentAt = ticker.getAsLong();
                ask(presented instanceof Credentials known ? known : null, failure, remaining);
            }
        }

        private void ask(@Nullable Credentials known, @Nullable Throwable failure, long remaining) {
            credentials = known;
            if (known == null) {
                received(null, failure);
                return;
            }
            try {
                http.call(request.call(token, known, bounds, Duration.ofNanos(remaining)))
                        .whenComplete(this::received);
            } catch (RuntimeException e) {
                received(null, e);
            }
        }

        /** Boundary to foreign code: whatever happened, the waiting requests get an answer, and it is a refusal. */
        private void received(@Nullable CallResult result, @Nullable Throwable failure) {
            AnswerReader.Reading reading;
            if (result == null || failure != null) {
                log.failed(failure);
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
            if (reading.repeatable() && retriesLeft > 0 && repeat(reading.introspection())) {
                return;
            }
            finish(reading.introspection());
        }

        private static boolean isRefused(Introspection introspection) {
            return introspection instanceof Unavailable unavailable && unavailable.cause() == Cause.CREDENTIALS;
        }

        /** Credentials that were refused may only have become old; fresh ones are tried once. */
        private boolean renews() {
            Credentials refused = credentials;
            boolean first = !renewed;
            renewed = true;
            return first && refused != null && request.authentication().renew(refused);
        }

        private boolean repeat(Introspection failed) {
            int backoff = ThreadLocalRandom.current().nextInt(MIN_BACKOFF_MILLIS, MAX_BACKOFF_MILLIS + 1);
            Duration pause = Duration.ofMillis(backoff);
            if (deadline - ticker.getAsLong() <= pause.toNanos()) {
                return false;
            }
            retriesLeft--;
            if (failed instanceof Unavailable unavailable) {
                meters.retry(unavailable.cause());
            }
            timer.after(pause, this::attempt);
            return true;
        }

        private void finish(Introspection introspection) {
            try {
                if (permit != CircuitBreaker.REFUSED) {
                    probe.ended(introspection instanceof Unavailable failed ? failed.cause() : null);
                    boolean outage = introspection instanceof Unavailable failed
                            && failed.cause().isOutage();
                    breaker.record(permit, outage);
                }
                if (introspection instanceof Unavailable unavailable) {
                    log.unavailable(unavailable.cause());
                }
                done.accept(introspection);
            } finally {
                bulkhead.release();
            }
        }
    }
}
