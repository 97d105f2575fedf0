package dev.gatehouse.exchange;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/**
 * The response as expressions know it: {@code res}. Before there is a response it keeps what shall be set on it; from
 * the moment that the response hooks run it is that response. On the event loop of its exchange.
 */
public final class ResponseDraft {
    private @Nullable HttpHeaders fields;
    private int status = HttpResponseStatus.OK.code();
    private @Nullable Reply answer;
    private @Nullable ResponseHead head;

    /** The status of the response; before there is one, what a script chose for its own answer, or 200. */
    public int status() {
        return head == null ? status : head.message().status().code();
    }

    /**
     * Sets the status. Before there is a response, it counts only for an answer of a script.
     *
     * @throws IllegalArgumentException when it is no final status, or when only one of the old and the new status allows
     *     a body: the body would lose its frame (RFC 9112 section 6.3)
     */
    public void status(int code) {
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("a status is a number from 200 to 599");
        }
        if (head == null) {
            status = code;
        } else if (allowsBody(code) == allowsBody(status())) {
            head.message().setStatus(HttpResponseStatus.valueOf(code));
        } else {
            throw new IllegalArgumentException("this status does not go with the body of the response");
        }
    }

    private static boolean allowsBody(int code) {
        return code != HttpResponseStatus.NO_CONTENT.code()
                && code != HttpResponseStatus.RESET_CONTENT.code()
                && code != HttpResponseStatus.NOT_MODIFIED.code();
    }

    /** The header section of the response; before there is one, the fields to be added to it. Editable. */
    public HttpHeaders headers() {
        return head == null ? kept() : head.message().headers();
    }

    private HttpHeaders kept() {
        HttpHeaders known = fields;
        if (known == null) {
            known = new DefaultHttpHeaders();
            fields = known;
        }
        return known;
    }

    /** Whether the response has begun: it can be edited, but nobody can give another one. */
    public boolean isOpen() {
        return head != null;
    }

    /** What a script answered; null = nothing. The pipeline ends with it. */
    public @Nullable Reply answer() {
        return answer;
    }

    /**
     * Answers the request. The step that runs is the last one.
     *
     * @throws IllegalStateException when there is an answer or a response
     */
    public void answer(Reply reply) {
        if (answer != null || head != null) {
            throw new IllegalStateException("there is a response already");
        }
        answer = reply;
    }

    /** The same reply with the media type that a script chose, as Express Gateway's terminate sends it. */
    public Reply typed(Reply reply) {
        String type = fields == null ? null : fields.get(HttpHeaderNames.CONTENT_TYPE);
        return type == null || reply.refusal() != Refusal.TERMINATED ? reply : reply.withMediaType(type);
    }

    /**
     * The response is there: adds the kept fields that it has not. The other side's field wins, as in Express Gateway.
     * Called for each head that is made for the exchange.
     */
    public void open(ResponseHead response) {
        head = response;
        if (fields == null) {
            return;
        }
        HttpHeaders sent = response.message().headers();
        for (String name : fields.names()) {
            // The gateway's own bodies are not encoded.
            boolean fits = response.fromUpstream() || !HttpHeaderNames.CONTENT_ENCODING.contentEqualsIgnoreCase(name);
            if (fits && !sent.contains(name)) {
                sent.set(name, fields.getAll(name));
            }
        }
    }
}
