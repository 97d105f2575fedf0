package dev.gatehouse.body;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.ParsedBody;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.expression.value.QueryTree;
import dev.gatehouse.policy.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects and parses the body of a request, once per exchange.
 *
 * <p>JSON (an object or a list, as Express Gateway) and urlencoded forms are read, inflated where they are compressed;
 * a body of any other type is not touched and counts as an empty object. What goes upstream stays what the client sent.
 */
public final class BodyReader {
    /** Longest time for a whole body; a pause inside it has the shorter limit of every body. */
    static final Duration DEADLINE = Duration.ofMinutes(2);

    private static final int MOST_FIELDS = 1000;

    private BodyReader() {}

    /**
     * Goes on with {@code then} as soon as {@link Exchange#parsedBody()} is there, at once when it already is. Event
     * loop of the exchange. A body that cannot be parsed is refused with 400, a larger one with 413, one in a coding or
     * character set that is not known with 415, and one that does not arrive in time with 408.
     *
     * @param maxBytes bound of what is received and of what comes out of inflating it
     */
    public static Verdict read(Exchange exchange, int maxBytes, Supplier<Verdict> then) {
        if (exchange.parsedBody() != null) {
            return then.get();
        }
        ParsedBody.Kind kind = MediaType.kind(exchange.request().headers());
        if (kind == ParsedBody.Kind.NONE || !exchange.hasRequestBody()) {
            exchange.parsedBody(ParsedBody.NONE);
            return then.get();
        }
        return Verdict.await(
                exchange.requestBody(maxBytes),
                DEADLINE,
                () -> Verdict.reply(Reply.refuse(Refusal.REQUEST_TIMEOUT)),
                body -> parse(exchange, bytes(body), maxBytes, then));
    }

    /** Takes {@code body}. */
    private static byte[] bytes(ByteBuf body) {
        try {
            return ByteBufUtil.getBytes(body);
        } finally {
            body.release();
        }
    }

    private static Verdict parse(Exchange exchange, byte[] received, int maxBytes, Supplier<Verdict> then) {
        HttpHeaders headers = exchange.request().headers();
        String coding = String.join(",", headers.getAll(HttpHeaderNames.CONTENT_ENCODING));
        Charset charset = MediaType.charset(headers);
        if (charset == null) {
            return unsupported();
        }
        try {
            byte[] content = Inflation.inflate(received, coding.strip().toLowerCase(Locale.ROOT), maxBytes);
            if (content.length > maxBytes) {
                return Verdict.reply(Reply.refuse(Refusal.BODY_TOO_LARGE));
            }
            CharBuffer text = Text.decode(content, charset);
            ParsedBody parsed = text == null ? null : parse(MediaType.kind(headers), text);
            if (parsed == null) {
                return Verdict.reply(Reply.refuse(Refusal.BAD_REQUEST));
            }
            exchange.parsedBody(parsed);
            return then.get();
        } catch (Inflation.UnknownCoding unknown) {
            return unsupported();
        } catch (TooManyFields tooMany) {
            return Verdict.reply(Reply.refuse(Refusal.BODY_TOO_LARGE));
        } catch (IOException malformed) {
            return Verdict.reply(Reply.refuse(Refusal.BAD_REQUEST));
        }
    }

    private static @Nullable ParsedBody parse(ParsedBody.Kind kind, CharBuffer text) throws TooManyFields {
        if (!text.hasRemaining()) {
            return new ParsedBody(kind, Map.of());
        }
        if (kind == ParsedBody.Kind.JSON) {
            Object tree = JsonTree.parse(text);
            return tree == null ? null : new ParsedBody(kind, tree);
        }
        String form = text.toString();
        if (form.chars().filter(c -> c == '&').count() >= MOST_FIELDS) {
            throw new TooManyFields();
        }
        return new ParsedBody(kind, QueryTree.ofForm(form));
    }

    private static Verdict unsupported() {
        return Verdict.reply(Reply.refuse(Refusal.BAD_REQUEST).withStatus(415));
    }

    private static final class TooManyFields extends Exception {
        private static final long serialVersionUID = 1L;

        TooManyFields() {
            super(null, null, false, false);
        }
    }
}
