package dev.gatehouse.server;

import java.util.Locale;
import java.util.Set;

/** Which fields may stand behind a body: none that frames, routes, authenticates or describes it (RFC 9110 6.5.1). */
final class TrailerFields {
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

    static boolean isAllowed(CharSequence name) {
        return !FORBIDDEN.contains(name.toString().toLowerCase(Locale.ROOT));
    }
}
