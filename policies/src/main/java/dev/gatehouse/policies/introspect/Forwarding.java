package dev.gatehouse.policies.introspect;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.policies.auth.BearerToken;
import dev.gatehouse.policies.auth.BearerToken.Flaw;
import dev.gatehouse.policies.auth.BearerToken.Place;
import dev.gatehouse.policies.auth.ResponseMarks;
import dev.gatehouse.policies.auth.TokenSources;
import io.netty.handler.codec.http.HttpHeaderNames;

/**
 * What the service gets to see of the token: one Authorization field at most, never the copy in the query, which would
 * end in its logs. Immutable; safe on any thread.
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
        } else if (token.place() == Place.QUERY) {
            sources.removeFromQuery(exchange.request());
            exchange.request().headers().set(HttpHeaderNames.AUTHORIZATION, "Bearer " + token.value());
        }
        if (token.place() == Place.QUERY) {
            exchange.onResponse(ResponseMarks.PRIVATE);
        }
    }

    /** For a request that was let through as nobody. */
    void prepareAnonymous(Exchange exchange, BearerToken token) {
        exchange.onResponse(ResponseMarks.ANONYMOUS);
        if (token.flaw() == Flaw.MALFORMED) {
            // Ambiguous credentials: the service must not pick the one that the gateway did not look at.
            sources.remove(exchange.request());
        } else if (token.flaw() == null) {
            prepare(exchange, token);
        } else {
            sources.removeFromQuery(exchange.request());
        }
    }
}
