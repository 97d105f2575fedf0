package dev.gatehouse.policies.introspect.binding;

import dev.gatehouse.exchange.Exchange;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.URI;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * URLs as proofs name them: no query, no fragment, and equal spellings made one (RFC 9449 section 4.3, RFC 3986 sections
 * 6.2.2 and 6.2.3). Dot segments stay: the gateway serves no target that has some.
 */
final class RequestUrl {
    private static final String HOST_CHARACTERS = "-._~!$&'()*+,;=:[]%";
    private static final String UNRESERVED = "-._~";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final @Nullable String base;

    /** @param publicBase what clients see before the path; null = scheme and Host of each request */
    RequestUrl(@Nullable URI publicBase) {
        base = publicBase == null ? null : trimmed(publicBase.toString());
    }

    /** The URL of a request; null = it has none that a proof could name. */
    @Nullable
    String of(Exchange exchange) {
        String target = exchange.originalTarget();
        String host = exchange.request().headers().get(HttpHeaderNames.HOST);
        if (!target.startsWith("/") || (base == null && host == null)) {
            return null;
        }
        String before = base != null ? base : (exchange.peer().secure() ? "https://" : "http://") + host;
        return normalised(before + target);
    }

    /** One spelling for all URLs that are equal; null = not an http URL. */
    static @Nullable String normalised(String url) {
        boolean secure = url.regionMatches(true, 0, "https://", 0, 8);
        if (!secure && !url.regionMatches(true, 0, "http://", 0, 7)) {
            return null;
        }
        int start = secure ? 8 : 7;
        int end = first(url, start, "?#");
        int pathStart = Math.min(first(url, start, "/"), end);
        String authority = authority(url.substring(start, pathStart), secure);
        String path = path(url, pathStart, end);
        if (authority == null || path == null) {
            return null;
        }
        return (secure ? "https://" : "http://") + authority + (path.isEmpty() ? "/" : path);
    }

    private static String trimmed(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private static int first(String text, int from, String any) {
        for (int i = from; i < text.length(); i++) {
            if (any.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    private static @Nullable String authority(String written, boolean secure) {
        for (int i = 0; i < written.length(); i++) {
            if (!isAlphanumeric(written.charAt(i)) && HOST_CHARACTERS.indexOf(written.charAt(i)) < 0) {
                return null;
            }
        }
        int colon = written.lastIndexOf(':');
        boolean ported = colon > written.lastIndexOf(']');
        String host = (ported ? written.substring(0, colon) : written).toLowerCase(Locale.ROOT);
        String port = ported ? written.substring(colon + 1) : "";
        if (host.isEmpty() || !port.matches("\\d{0,5}")) {
            return null;
        }
        return port.isEmpty() || port.equals(secure ? "443" : "80") ? host : host + ':' + port;
    }

    private static @Nullable String path(String url, int start, int end) {
        StringBuilder path = new StringBuilder(end - start);
        for (int i = start; i < end; i++) {
            char c = url.charAt(i);
            if (c == '%') {
                int octet = i + 2 < end ? octet(url.charAt(i + 1), url.charAt(i + 2)) : -1;
                if (octet < 0) {
                    return null;
                }
                append(path, octet);
                i += 2;
            } else if (c > ' ' && c < 0x7f) {
                path.append(c);
            } else {
                return null;
            }
        }
        return path.toString();
    }

    private static int octet(char high, char low) {
        int first = Character.digit(high, 16);
        int second = Character.digit(low, 16);
        return first < 0 || second < 0 || high > 'f' || low > 'f' ? -1 : first << 4 | second;
    }

    /** Unreserved characters need no escape (RFC 3986 section 2.3); all others keep theirs, in capital letters. */
    private static void append(StringBuilder path, int octet) {
        if (isAlphanumeric((char) octet) || UNRESERVED.indexOf(octet) >= 0) {
            path.append((char) octet);
        } else {
            path.append('%').append(HEX.toHexDigits((byte) octet));
        }
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
