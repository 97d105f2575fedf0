package dev.gatehouse.upstream.wire;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.util.List;

/** The rules of RFC 9112 section 6 for responses, without any of its tolerance. */
final class ResponseFraming {
    private static final int MAX_LENGTH_DIGITS = 18;

    private ResponseFraming() {}

    /** @throws IllegalArgumentException when another recipient could see other boundaries; ends as a decoder failure */
    static void check(HttpResponse response) {
        HttpHeaders headers = response.headers();
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        int code = response.status().code();
        require(isKnownVersion(response.protocolVersion()), "unknown HTTP version");
        require(lengths.size() <= 1, "more than one Content-Length");
        require(lengths.isEmpty() || isLength(lengths.get(0)), "Content-Length");
        require(codings.isEmpty() || lengths.isEmpty(), "Content-Length beside Transfer-Encoding");
        require(codings.isEmpty() || isChunked(codings), "Transfer-Encoding");
        require(codings.isEmpty() || response.protocolVersion().minorVersion() == 1, "chunked in HTTP/1.0");
        if (code < 200 || code == 204) {
            // RFC 9110 section 8.6 forbids both fields here; a zero is common and changes no boundary.
            require(codings.isEmpty(), "Transfer-Encoding without a body");
            require(lengths.isEmpty() || isZero(lengths.get(0)), "Content-Length without a body");
        }
    }

    /** Three digits, not below 100 (RFC 9110 section 15). */
    static boolean isStatusCode(String text) {
        return text.length() == 3 && text.charAt(0) > '0' && text.chars().allMatch(ResponseFraming::isDigit);
    }

    private static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    private static boolean isKnownVersion(HttpVersion version) {
        return version.majorVersion() == 1 && version.minorVersion() <= 1 && "HTTP".equals(version.protocolName());
    }

    private static boolean isChunked(List<String> codings) {
        return codings.size() == 1 && AsciiString.contentEqualsIgnoreCase(HttpHeaderValues.CHUNKED, codings.get(0));
    }

    private static boolean isLength(String value) {
        return !value.isEmpty()
                && value.length() <= MAX_LENGTH_DIGITS
                && value.chars().allMatch(ResponseFraming::isDigit);
    }

    private static boolean isZero(String length) {
        return length.chars().allMatch(character -> character == '0');
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }
}
