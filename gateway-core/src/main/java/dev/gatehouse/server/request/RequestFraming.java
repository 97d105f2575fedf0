package dev.gatehouse.server.request;

import dev.gatehouse.exchange.Refusal;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The second look at a request head, behind the codec: a regression of the decoder must not open a hole. Whatever is
 * ambiguous is refused (RFC 9112 sections 3.2, 5.1, 6.1, 6.3), even where the RFC lets a recipient mend it.
 *
 * @param refusal why the head is refused; null = accepted
 * @param length length of the body, 0 without one; -1 = chunked
 */
public record RequestFraming(@Nullable Refusal refusal, long length) {
    private static final long CHUNKED = -1;
    private static final int MAX_LENGTH_DIGITS = 18;
    private static final RequestFraming BODILESS = new RequestFraming(null, 0);
    private static final RequestFraming STREAM = new RequestFraming(null, CHUNKED);
    private static final RequestFraming BAD = new RequestFraming(Refusal.BAD_REQUEST, 0);
    private static final RequestFraming TOO_MANY_HEADERS = new RequestFraming(Refusal.HEADERS_TOO_LARGE, 0);
    private static final RequestFraming BAD_METHOD = new RequestFraming(Refusal.METHOD_NOT_ALLOWED, 0);

    /** Whether only the body itself says where it ends. */
    public boolean chunked() {
        return length == CHUNKED;
    }

    /** What a head as received says; a refusal when it can be read in more than one way (RFC 9112 section 6). */
    static RequestFraming of(HttpRequest request, int maxHeaderCount) {
        if (request.decoderResult().isFailure()) {
            // Nothing behind a head that the codec could not read can be trusted.
            return new RequestFraming(refusalOf(request.decoderResult().cause()), 0);
        }
        HttpHeaders headers = request.headers();
        if (headers.size() > maxHeaderCount) {
            return TOO_MANY_HEADERS;
        }
        HttpVersion version = request.protocolVersion();
        boolean http11 = version.equals(HttpVersion.HTTP_1_1);
        if (!http11 && !version.equals(HttpVersion.HTTP_1_0)) {
            return BAD;
        }
        if (!HeaderSyntax.isToken(request.method().name()) || !hostIsFine(headers, http11)) {
            return BAD;
        }
        if (!HeaderSyntax.areFine(headers)) {
            return BAD;
        }
        String method = request.method().name();
        // CONNECT opens a tunnel past every policy and TRACE shows credentials to scripts: neither has a use here.
        if (method.equals("CONNECT") || method.equals("TRACE")) {
            return BAD_METHOD;
        }
        return body(headers, http11);
    }

    private static Refusal refusalOf(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Refusal.URI_TOO_LONG;
        }
        return cause instanceof TooLongHttpHeaderException ? Refusal.HEADERS_TOO_LARGE : Refusal.BAD_REQUEST;
    }

    private static RequestFraming body(HttpHeaders headers, boolean http11) {
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        if (!codings.isEmpty()) {
            boolean single = codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked");
            return single && lengths.isEmpty() && http11 ? STREAM : BAD;
        }
        if (lengths.isEmpty()) {
            return BODILESS;
        }
        if (lengths.size() > 1 || !isLength(lengths.get(0))) {
            return BAD;
        }
        long length = Long.parseLong(lengths.get(0));
        return length == 0 ? BODILESS : new RequestFraming(null, length);
    }

    private static boolean isLength(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH_DIGITS) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean hostIsFine(HttpHeaders headers, boolean http11) {
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.isEmpty()) {
            return !http11;
        }
        return hosts.size() == 1 && HeaderSyntax.isHost(hosts.get(0));
    }
}
