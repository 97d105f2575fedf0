package dev.gatehouse.policies.introspect;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.policies.auth.BearerToken;
import dev.gatehouse.policies.auth.BearerToken.Flaw;
import dev.gatehouse.policies.auth.BearerToken.Place;
import dev.gatehouse.policies.auth.ResponseMarks;
import dev.gatehouse.policies.auth.TokenSources;
import io.netty.handler.codec.http.HttpHeaderNames;

/**
 * What the service gets to see of the token: one Authorization field at most, never the copies in the query and in
 * cookies, which would end in its logs. A copy in the body is gone since the body was read. Immutable; safe on any
 * thread.
 */
final class Forwarding {
    private final TokenSources sources;
    private final boolean forward;

    Forwarding(TokenSources sources, boolean forward) {
        this.sources = sources;
        this.forward = forward;
    }

    /** For a request that was let through as somebody. */
    void prepare(Exchange exchange, BearerToken token) {
        if (!forward) {
            sources.remove(exchange.request());
        } else if (token.place() != Place.HEADER) {
            sources.removeCopies(exchange.request());
            exchange.request().headers().set(HttpHeaderNames.AUTHORIZATION, "Bearer " + token.value());
        } else {
            // The only copy that goes unnoticed beside a token: a cookie that does not count for this method.
            sources.removeCookies(exchange.request());
        }
        if (token.place() != Place.HEADER) {
            // RFC 9111 section 3.5 keeps shared caches away from answers to Authorization only; RFC 6750 section 2.3
            // wants the same for the query.
            exchange.onResponse(ResponseMarks.PRIVATE);
        }
    }

    /** For a request that was let through as nobody. */
    void prepareAnonymous(Exchange exchange, BearerToken token) {
        exchange.onResponse(ResponseMarks.ANONYMOUS);
        if (token.flaw() == Flaw.MALFORMED || (token.flaw() == Flaw.ILL_FORMED && !forward)) {
            // Ambiguous credentials: the service must not pick the one that the gateway did not look at.
            sources.remove(exchange.request());
        } else if (token.flaw() == null) {
            prepare(exchange, token);
        } else {
            sources.removeCopies(exchange.request());
        }
    }

    /** For a request that was let through without a look at its credentials. */
    void prepareUnseen(Exchange exchange) {
        exchange.onResponse(ResponseMarks.ANONYMOUS);
        sources.remove(exchange.request());
    }
}
