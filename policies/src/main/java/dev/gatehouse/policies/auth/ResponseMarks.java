package dev.gatehouse.policies.auth;

import dev.gatehouse.exchange.ResponseHook;
import dev.gatehouse.policies.auth.claim.ClaimHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/** What a client reads in the answer to an authenticated or anonymous request. Hooks without state, for any exchange. */
public final class ResponseMarks {
    /** {@code passThrough} let the request go on as nobody: Express Gateway tells the client so. */
    public static final ResponseHook ANONYMOUS = response -> {
        HttpHeaders headers = response.message().headers();
        if (!headers.contains(ClaimHeaders.CONSUMER_ID)) {
            headers.set(ClaimHeaders.CONSUMER_ID, "anonymous");
        }
    };

    /** RFC 6750 section 2.3: an answer to a token in the query must not get into shared caches. */
    public static final ResponseHook PRIVATE = response -> {
        HttpHeaders headers = response.message().headers();
        if (!headers.contains(HttpHeaderNames.CACHE_CONTROL)) {
            headers.set(HttpHeaderNames.CACHE_CONTROL, "private");
        }
    };

    private ResponseMarks() {}
}
