package dev.gatehouse.upstream.wire;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Checks and cleans the fields of a response, behind the decoder and independent of it. */
public final class ResponseFields {
    private static final List<AsciiString> HOP_BY_HOP = List.of(
            HttpHeaderNames.CONNECTION,
            AsciiString.cached("keep-alive"),
            AsciiString.cached("proxy-connection"),
            HttpHeaderNames.PROXY_AUTHENTICATE,
            HttpHeaderNames.PROXY_AUTHORIZATION,
            HttpHeaderNames.TE,
            HttpHeaderNames.TRAILER,
            HttpHeaderNames.TRANSFER_ENCODING,
            HttpHeaderNames.UPGRADE);

    private ResponseFields() {}

    /** What the fields of one message are worth. */
    public enum Verdict {
        FINE,
        TOO_LARGE,
        MALFORMED
    }

    /** Judges names, values, number and size of the fields. */
    public static Verdict judge(HttpHeaders headers, int maxBytes, int maxCount) {
        if (headers.size() > maxCount) {
            return Verdict.TOO_LARGE;
        }
        long bytes = 0;
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            if (!Tokens.isToken(field.getKey()) || !Tokens.isValue(field.getValue())) {
                return Verdict.MALFORMED;
            }
            bytes += field.getKey().length() + field.getValue().length() + 4L;
        }
        return bytes > maxBytes ? Verdict.TOO_LARGE : Verdict.FINE;
    }

    /**
     * Removes the fields that speak of the connection only (RFC 9110 section 7.6.1), those that {@code Connection}
     * names among them. A nomination never removes {@code Content-Length}: it frames the message.
     */
    public static void removeHopByHop(HttpResponse response) {
        HttpHeaders headers = response.headers();
        if (headers.contains(HttpHeaderNames.CONNECTION)) {
            removeNominated(headers);
        }
        for (AsciiString name : HOP_BY_HOP) {
            headers.remove(name);
        }
        if (response.status().code() == 204) {
            headers.remove(HttpHeaderNames.CONTENT_LENGTH);
        }
    }

    private static void removeNominated(HttpHeaders headers) {
        List<String> nominated = new ArrayList<>();
        for (String value : headers.getAll(HttpHeaderNames.CONNECTION)) {
            nominated.addAll(List.of(value.split(",", -1)));
        }
        for (String name : nominated) {
            String field = name.strip();
            if (!field.isEmpty() && !HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(field)) {
                headers.remove(field);
            }
        }
    }

    /** Removes trailer fields that would change framing or routing (RFC 9110 section 6.5.1). */
    public static void removeForbiddenTrailers(HttpHeaders trailers) {
        if (trailers.isEmpty()) {
            return;
        }
        for (AsciiString name : HOP_BY_HOP) {
            trailers.remove(name);
        }
        trailers.remove(HttpHeaderNames.CONTENT_LENGTH);
        trailers.remove(HttpHeaderNames.HOST);
        trailers.remove(HttpHeaderNames.SET_COOKIE);
        trailers.remove(HttpHeaderNames.AUTHORIZATION);
        trailers.remove(HttpHeaderNames.CONTENT_ENCODING);
        trailers.remove(HttpHeaderNames.CONTENT_TYPE);
        trailers.remove(HttpHeaderNames.CONTENT_RANGE);
    }

    /** The number of seconds in {@code Keep-Alive: timeout=n}; -1 = none. */
    public static int keepAliveSeconds(HttpHeaders headers) {
        String value = headers.get("keep-alive");
        int at = value == null ? -1 : value.indexOf("timeout=");
        if (value == null || at < 0) {
            return -1;
        }
        int seconds = 0;
        int digits = 0;
        for (int i = at + "timeout=".length(); i < value.length() && digits < 6; i++, digits++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            seconds = seconds * 10 + digit;
        }
        return digits == 0 ? -1 : seconds;
    }
}
