package dev.gatehouse.server.document;

import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policy.PublicDocument;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;

/**
 * The answers about one document, made once. Pages of every origin may read it, because it tells nothing that is not
 * public. Immutable; safe on any thread.
 */
final class DocumentReplies {
    private static final String METHODS = "GET, HEAD";
    private static final String MAX_AGE_SECONDS = "3600";

    private final Reply found;
    private final Reply preflight;
    private final Reply otherMethod;

    DocumentReplies(PublicDocument document) {
        found = readable(Reply.of(
                        null, 200, document.mediaType(), document.text().getBytes(StandardCharsets.UTF_8)))
                .withHeader(HttpHeaderNames.CACHE_CONTROL, "max-age=" + MAX_AGE_SECONDS);
        // The wildcard covers every field but Authorization, which nobody needs here.
        preflight = readable(Reply.of(null, 204, "", new byte[0]))
                .withHeader(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
                .withHeader(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, "*")
                .withHeader(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS);
        otherMethod = readable(Reply.refuse(Refusal.METHOD_NOT_ALLOWED)).withHeader(HttpHeaderNames.ALLOW, METHODS);
    }

    private static Reply readable(Reply reply) {
        return reply.withHeader(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    }

    Reply answer(HttpRequest request) {
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            return found;
        }
        return method.equals(HttpMethod.OPTIONS) && isPreflight(request) ? preflight : otherMethod;
    }

    private static boolean isPreflight(HttpRequest request) {
        return request.headers().contains(HttpHeaderNames.ORIGIN)
                && request.headers().contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
    }
}
