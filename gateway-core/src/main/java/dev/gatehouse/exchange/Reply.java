package dev.gatehouse.exchange;

import static java.util.Objects.requireNonNull;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A response made by the gateway itself.
 *
 * <p>A refusal without content gets its body when it is written: the plain phrase, or the problem document of RFC 9457
 * when the client asked for JSON. HEAD gets no body.
 *
 * @param refusal why; null = not a refusal but a configured answer
 * @param status status code
 * @param headers extra header fields; owned by the reply
 * @param content configured content; null = the body of the refusal
 * @param error member {@code error} of the problem document; null = none
 * @param description member {@code error_description}; null = none
 */
public record Reply(
        @Nullable Refusal refusal,
        int status,
        HttpHeaders headers,
        @Nullable Content content,
        @Nullable String error,
        @Nullable String description) {
    /**
     * A body with its media type.
     *
     * @param mediaType empty = none is sent
     */
    public record Content(String mediaType, byte[] bytes) {}

    public Reply {
        if (refusal == null) {
            requireNonNull(content, "content");
        }
    }

    /** The refusal with its own status and no extra header. */
    public static Reply refuse(Refusal refusal) {
        return new Reply(refusal, refusal.status(), new DefaultHttpHeaders(), null, null, null);
    }

    /** A configured answer, for example of {@code terminate}. */
    public static Reply of(@Nullable Refusal refusal, int status, String mediaType, byte[] bytes) {
        return new Reply(refusal, status, new DefaultHttpHeaders(), new Content(mediaType, bytes), null, null);
    }

    /** The same reply with another status. */
    public Reply withStatus(int other) {
        return new Reply(refusal, other, headers, content, error, description);
    }

    /** The same reply with one more header field. */
    public Reply withHeader(CharSequence name, String value) {
        HttpHeaders more = headers.copy();
        more.add(name, value);
        return new Reply(refusal, status, more, content, error, description);
    }

    /** The same reply with another media type of its content; a reply without content stays as it is. */
    public Reply withMediaType(String mediaType) {
        return content == null
                ? this
                : new Reply(refusal, status, headers, new Content(mediaType, content.bytes()), error, description);
    }

    /** The same reply with the OAuth members of its problem document. */
    public Reply withError(String code, String text) {
        return new Reply(refusal, status, headers, content, code, text);
    }
}
