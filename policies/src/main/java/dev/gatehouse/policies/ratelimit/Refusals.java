package dev.gatehouse.policies.ratelimit;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.expression.value.JsonText;
import dev.gatehouse.policy.Verdict;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The answers of one limit to requests that are too many. Immutable. */
final class Refusals {
    private final Verdict html;
    private final Verdict json;
    private final Verdict text;

    Refusals(RateLimitPolicy.Config config) {
        html = verdict(config, "text/html; charset=utf-8", config.message());
        json = verdict(config, "application/json; charset=utf-8", document(config.message()));
        // RFC 9110 section 12.5.1 allows an answer of another type, and the status must not depend on it.
        text = verdict(config, "text/plain; charset=utf-8", config.message());
    }

    private static String document(String message) {
        return String.valueOf(JsonText.of(Map.of("message", message)));
    }

    private static Verdict verdict(RateLimitPolicy.Config config, String mediaType, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Reply reply = Reply.of(Refusal.RATE_LIMITED, config.statusCode(), mediaType, bytes)
                .withHeader(HttpHeaderNames.VARY, "Accept");
        if (config.headers()) {
            // The whole window, as in Express Gateway, however much of it has passed.
            String seconds = Long.toString((config.windowMs().toMillis() + 999) / 1000);
            reply = reply.withHeader(HttpHeaderNames.RETRY_AFTER, seconds);
        }
        return Verdict.reply(reply);
    }

    /** The answer in the form that the client wants. */
    Verdict to(Exchange exchange) {
        return switch (Accepted.in(exchange.request().headers())) {
            case HTML -> html;
            case JSON -> json;
            case NEITHER -> text;
        };
    }
}
