package dev.gatehouse.server.response;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.config.CompatConfig;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The body of a reply that has no configured content: Express Gateway's plain phrase, or the problem document of
 * RFC 9457 when the request's Accept names JSON itself. A wildcard is not such a wish: old clients send it and compare
 * the phrase.
 */
public final class ReplyBody {
    private static final String TEXT = "text/plain; charset=utf-8";
    // What Express Gateway calls its own text about a service; recorded cases compare the type.
    private static final String SERVICE_TEXT = "text/html; charset=utf-8";
    private static final String PROBLEM = "application/problem+json";

    private ReplyBody() {}

    public static Reply.Content of(Reply reply, HttpHeaders request, CompatConfig.Bodies bodies, String requestId) {
        Reply.Content configured = reply.content();
        Refusal refusal = reply.refusal();
        if (configured != null || refusal == null) {
            return requireNonNull(configured, "content");
        }
        boolean document =
                bodies == CompatConfig.Bodies.PROBLEM || (bodies == CompatConfig.Bodies.AUTO && asksForJson(request));
        return document
                ? new Reply.Content(PROBLEM, bytes(document(reply, refusal, requestId)))
                : new Reply.Content(
                        refusal.source() == Refusal.Source.UPSTREAM ? SERVICE_TEXT : TEXT,
                        bytes(phrase(reply, refusal)));
    }

    private static String phrase(Reply reply, Refusal refusal) {
        return reply.status() == refusal.status()
                ? refusal.phrase()
                : HttpResponseStatus.valueOf(reply.status()).reasonPhrase();
    }

    private static boolean asksForJson(HttpHeaders request) {
        for (String accept : request.getAll(HttpHeaderNames.ACCEPT)) {
            String types = accept.toLowerCase(Locale.ROOT);
            if (types.contains("application/json") || types.contains(PROBLEM)) {
                return true;
            }
        }
        return false;
    }

    private static String document(Reply reply, Refusal refusal, String requestId) {
        StringBuilder json = new StringBuilder(160);
        json.append("{\"title\":");
        quote(json, phrase(reply, refusal));
        json.append(",\"status\":").append(reply.status());
        json.append(",\"detail\":");
        quote(json, refusal.detail());
        json.append(",\"request_id\":");
        quote(json, requestId);
        if (reply.error() != null) {
            json.append(",\"error\":");
            quote(json, reply.error());
        }
        if (reply.description() != null) {
            json.append(",\"error_description\":");
            quote(json, reply.description());
        }
        return json.append('}').toString();
    }

    /** The texts are the gateway's own, so only the two characters that end a string need care. */
    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\');
            }
            json.append(c < ' ' ? ' ' : c);
        }
        json.append('"');
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
