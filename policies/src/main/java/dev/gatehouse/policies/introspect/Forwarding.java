package dev.gatehouse.policies.introspect;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.ResponseHook;
import dev.gatehouse.policies.introspect.BearerToken.Place;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * What the service gets to see of the token: one Authorization field at most, never the copy in the query, which would
 * end in its logs. Immutable; safe on any thread.
 */
final class Forwarding {
    private static final ResponseHook ANONYMOUS = response -> {
        HttpHeaders headers = response.message().headers();
        if (!headers.contains(ClaimHeaders.CONSUMER_ID)) {
            headers.set(ClaimHeaders.CONSUMER_ID, "anonymous");
        }
    };

    /** RFC 6750 section 2.3: an answer to a token in the query must not get into shared caches. */
    private static final ResponseHook PRIVATE = response -> {
        HttpHeaders headers = response.message().headers();
        if (!headers.contains(HttpHeaderNames.CACHE_CONTROL)) {
            headers.set(HttpHeaderNames.CACHE_CONTROL, "private");
        }
    };

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
            exchange.onResponse(PRIVATE);
        }
    }

    /** For a request that was let through as nobody. */
    void prepareAnonymous(Exchange exchange, BearerToken token) {
        exchange.onResponse(ANONYMOUS);
        if (token.problem() == Denial.MALFORMED) {
            // Ambiguous credentials: the service must not pick the one that the gateway did not look at.
            sources.remove(exchange.request());
        } else if (token.problem() == null) {
            prepare(exchange, token);
        } else {
            sources.removeFromQuery(exchange.request());
        }
    }
}
