package dev.gatehouse.policies.introspect.server;

import dev.gatehouse.policies.auth.BearerToken;
import dev.gatehouse.policies.introspect.answer.Introspection;
import dev.gatehouse.policies.introspect.answer.Introspection.Active;
import dev.gatehouse.policies.introspect.answer.Introspection.Inactive;
import dev.gatehouse.policies.introspect.answer.Introspection.Rejected;
import dev.gatehouse.policies.introspect.answer.Introspection.Unavailable;
import dev.gatehouse.policies.introspect.cache.Entry;
import dev.gatehouse.policies.introspect.cache.Flight;
import dev.gatehouse.policies.introspect.cache.Reuse;
import dev.gatehouse.policies.introspect.cache.TokenCache;
import dev.gatehouse.policies.introspect.report.Cause;
import dev.gatehouse.policies.introspect.report.ServerMeters;
import dev.gatehouse.policies.introspect.report.ServerMeters.Outcome;
import dev.gatehouse.policies.introspect.server.IntrospectionRequest.Bounds;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Asks again about tokens that are in use before their answers end, so that no request has to wait for it. A hit starts
 * the call and goes on with what is known; the token lives as long as the call. Only so many of these calls run at a
 * time, and none beside another call for the same token. Safe on any thread; never blocks.
 */
final class RefreshAhead {
    private static final long CROWDED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final TokenCache cache;
    private final TokenIntrospector introspector;
    private final int mostCalls;
    private final LongSupplier ticker;
    private final ServerMeters meters;
    private final AtomicInteger calls = new AtomicInteger();

    RefreshAhead(
            TokenCache cache, TokenIntrospector introspector, int mostCalls, LongSupplier ticker, ServerMeters meters) {
        this.cache = cache;
        this.introspector = introspector;
        this.mostCalls = mostCalls;
        this.ticker = ticker;
        this.meters = meters;
    }

    /** An entry is used; asks again when it is old enough for that. */
    void used(Entry entry, BearerToken token, Reuse reuse, Bounds bounds) {
        long now = ticker.getAsLong();
        if (!entry.claimRefresh(reuse, now)) {
            return;
        }
        if (calls.incrementAndGet() > mostCalls) {
            calls.decrementAndGet();
            entry.refreshLater(now, CROWDED_NANOS);
            return;
        }
        Flight flight = cache.refresh(entry.key());
        if (flight == null) {
            calls.decrementAndGet();
            entry.refreshLater(now, CROWDED_NANOS);
            return;
        }
        try {
            introspector.introspect(
                    token.value(), entry.key().fingerprint(), bounds, answer -> ended(entry, flight, answer));
        } catch (RuntimeException e) {
            // Nobody may be left waiting for a call that never began; the request itself has its answer.
            ended(entry, flight, new Unavailable(Cause.INTERNAL, 1));
        }
    }

    private void ended(Entry entry, Flight flight, Introspection answer) {
        calls.decrementAndGet();
        meters.refresh(outcome(answer));
        if (answer instanceof Unavailable) {
            entry.refreshFailed(ticker.getAsLong());
        }
        cache.land(entry.key(), flight, answer);
    }

    private static Outcome outcome(Introspection answer) {
        if (answer instanceof Active) {
            return Outcome.ACTIVE;
        }
        if (answer instanceof Inactive) {
            return Outcome.INACTIVE;
        }
        if (answer instanceof Rejected) {
            return Outcome.REJECTED;
        }
        boolean late = answer instanceof Unavailable failed && failed.cause().isTimeout();
        return late ? Outcome.TIMEOUT : Outcome.ERROR;
    }
}
