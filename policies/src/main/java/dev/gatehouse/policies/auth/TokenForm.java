package dev.gatehouse.policies.auth;

import dev.gatehouse.body.MediaType;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.ParsedBody;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policy.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks for tokens in urlencoded bodies (RFC 6750 section 2.2). Only a short body of known length and without coding is
 * collected; every other one streams past, and what is in it is no token. Immutable; used on the exchange's event loop.
 */
public final class TokenForm {
    /** Longest time for a body of a few kilobytes. */
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private static final int MAX_LENGTH_DIGITS = 9;

    /** What was true of the body with the token in it. */
    private static final String[] DIGESTS = {"content-md5", "digest", "content-digest", "repr-digest"};

    private final List<String> names;
    private final int maxBytes;

    TokenForm(List<String> names, int maxBytes) {
        this.names = List.copyOf(names);
        this.maxBytes = maxBytes;
    }

    /** Whether the request has a body that is looked into. */
    public boolean isIn(Exchange exchange) {
        HttpMethod method = exchange.request().method();
        HttpHeaders headers = exchange.request().headers();
        return !method.equals(HttpMethod.GET)
                && !method.equals(HttpMethod.HEAD)
                && exchange.hasRequestBody()
                && MediaType.kind(headers) == ParsedBody.Kind.FORM
                && !headers.contains(HttpHeaderNames.CONTENT_ENCODING)
                && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                && isShort(headers.getAll(HttpHeaderNames.CONTENT_LENGTH));
    }

    /**
     * Collects the body, takes the tokens out of what goes to the service, and goes on with what was found. A body
     * without tokens is sent as it came. A body that does not arrive in time is refused with 408.
     */
    public Verdict read(Exchange exchange, Function<Found, Verdict> then) {
        return Verdict.await(
                exchange.requestBody(maxBytes),
                DEADLINE,
                () -> Verdict.reply(Reply.refuse(Refusal.REQUEST_TIMEOUT)),
                body -> then.apply(find(exchange, text(body))));
    }

    /**
     * Tokens of a body.
     *
     * @param count how many there are
     * @param value the decoded last one; null when it has none or cannot be decoded
     */
    public record Found(int count, @Nullable String value) {
        static final Found NOTHING = new Found(0, null);

        @Override
        public String toString() {
            return "Found[" + count + "]";
        }
    }

    private boolean isShort(List<String> lengths) {
        if (lengths.size() != 1 || lengths.get(0).length() > MAX_LENGTH_DIGITS) {
            return false;
        }
        String length = lengths.get(0);
        for (int i = 0; i < length.length(); i++) {
            if (length.charAt(i) < '0' || length.charAt(i) > '9') {
                return false;
            }
        }
        return !length.isEmpty() && Integer.parseInt(length) <= maxBytes;
    }

    /** Takes {@code body}. One character for each byte, so that it can be written again as it was. */
    private static String text(ByteBuf body) {
        try {
            return body.toString(StandardCharsets.ISO_8859_1);
        } finally {
            body.release();
        }
    }

    private Found find(Exchange exchange, String body) {
        Found found = Found.NOTHING;
        String left = body;
        for (String name : names) {
            QueryToken token = QueryToken.inForm(left, name);
            if (token.count() > 0) {
                found = new Found(found.count() + token.count(), token.value());
                left = QueryToken.stripForm(left, name);
            }
        }
        if (found.count() > 0) {
            replace(exchange, left);
        }
        return found;
    }

    private static void replace(Exchange exchange, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        exchange.replaceRequestBody(Unpooled.wrappedBuffer(bytes));
        HttpHeaders headers = exchange.request().headers();
        headers.set(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
        for (String digest : DIGESTS) {
            headers.remove(digest);
        }
        // What an earlier step read still has the token in it.
        exchange.parsedBody(null);
    }
}
