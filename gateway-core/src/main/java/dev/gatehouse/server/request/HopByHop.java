package dev.gatehouse.server.request;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Fields that concern one connection only (RFC 9110 section 7.6.1), and what {@code Connection} names besides.
 *
 * <p>A nomination must not take away what later decisions rest on: framing is read before, and Host, Authorization
 * and Cookie are never removed by a client's word (a client could hide its token from one step and show it to the
 * next).
 */
public final class HopByHop {
    private static final List<CharSequence> ALWAYS = List.of(
            HttpHeaderNames.CONNECTION,
            "keep-alive",
            "proxy-connection",
            HttpHeaderNames.PROXY_AUTHORIZATION,
            HttpHeaderNames.PROXY_AUTHENTICATE,
            HttpHeaderNames.TE,
            HttpHeaderNames.TRAILER,
            HttpHeaderNames.TRANSFER_ENCODING,
            HttpHeaderNames.UPGRADE,
            "http2-settings",
            HttpHeaderNames.EXPECT);

    private static final Set<String> NEVER_BY_NOMINATION =
            Stream.of("host", "authorization", "content-length", "cookie").collect(Collectors.toUnmodifiableSet());

    private HopByHop() {}

    /** Removes them from a request of a client, framing fields but Content-Length included. */
    public static void strip(HttpHeaders headers) {
        if (headers.contains(HttpHeaderNames.CONNECTION)) {
            for (String nominations : headers.getAll(HttpHeaderNames.CONNECTION)) {
                removeNominated(headers, nominations);
            }
        }
        for (int i = 0; i < ALWAYS.size(); i++) {
            headers.remove(ALWAYS.get(i));
        }
    }

    private static void removeNominated(HttpHeaders headers, String nominations) {
        for (String token : nominations.split(",", -1)) {
            String name = token.trim().toLowerCase(java.util.Locale.ROOT);
            if (!name.isEmpty() && !NEVER_BY_NOMINATION.contains(name)) {
                headers.remove(name);
            }
        }
    }
}
