package dev.gatehouse.server.response;

import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which fields may stand behind a body: none that frames, routes, authenticates or describes it (RFC 9110 6.5.1). */
public final class TrailerFields {
    private static final Set<String> FORBIDDEN = Set.of(
            "transfer-encoding",
            "content-length",
            "content-encoding",
            "content-type",
            "content-range",
            "host",
            "connection",
            "trailer",
            "te",
            "upgrade",
            "authorization",
            "proxy-authorization",
            "www-authenticate",
            "set-cookie",
            "cookie",
            "cache-control",
            "expires",
            "date",
            "location",
            "age",
            "vary",
            "keep-alive");

    private TrailerFields() {}

    /** {@code trailers}, or none of them when one is a field of the message itself: a recipient may merge them. */
    public static HttpHeaders clean(HttpHeaders trailers) {
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = trailers.iteratorCharSequence();
        while (fields.hasNext()) {
            if (!isAllowed(fields.next().getKey())) {
                return EmptyHttpHeaders.INSTANCE;
            }
        }
        return trailers;
    }

    static boolean isAllowed(CharSequence name) {
        return !FORBIDDEN.contains(name.toString().toLowerCase(Locale.ROOT));
    }
}
