package dev.gatehouse.policies.introspect;

import dev.gatehouse.exchange.Exchange;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;

/** The question that browsers ask before a request of another origin; they never put credentials or a body into it. */
final class Preflight {
    private Preflight() {}

    static boolean isOne(Exchange exchange) {
        HttpHeaders headers = exchange.request().headers();
        return exchange.request().method().equals(HttpMethod.OPTIONS)
                && headers.contains(HttpHeaderNames.ORIGIN)
                && headers.contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD)
                && !exchange.hasRequestBody();
    }
}
