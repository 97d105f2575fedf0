package dev.gatehouse.expression.value;

import dev.gatehouse.exchange.Exchange;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code req.fresh}: whether what the client has is still what the response describes, as Express 4 decides it. Pure. */
final class Freshness {
    private static final Pattern NO_CACHE = Pattern.compile("(?:^|,)\\s*no-cache\\s*(?:,|$)");

    private Freshness() {}

    static boolean of(Exchange exchange) {
        HttpMethod method = exchange.request().method();
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            return false;
        }
        int status = exchange.draft().status();
        boolean describes = (status >= 200 && status < 300) || status == 304;
        HttpHeaders asked = exchange.request().headers();
        String none = asked.get(HttpHeaderNames.IF_NONE_MATCH);
        String since = asked.get(HttpHeaderNames.IF_MODIFIED_SINCE);
        if (!describes || (none == null && since == null) || demandsNew(asked)) {
            return false;
        }
        HttpHeaders response = exchange.draft().headers();
        return (none == null || matches(none, response.get(HttpHeaderNames.ETAG)))
                && (since == null || isUnmodified(since, response.get(HttpHeaderNames.LAST_MODIFIED)));
    }

    private static boolean demandsNew(HttpHeaders asked) {
        String control = asked.get(HttpHeaderNames.CACHE_CONTROL);
        return control != null && NO_CACHE.matcher(control).find();
    }

    /** The weak comparison of RFC 9110 section 8.8.3.2. */
    private static boolean matches(String none, @Nullable String tag) {
        if (none.strip().equals("*")) {
            return true;
        }
        if (tag == null) {
            return false;
        }
        for (String known : none.split(",", -1)) {
            if (opaque(known.strip()).equals(opaque(tag))) {
                return true;
            }
        }
        return false;
    }

    private static String opaque(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }

    private static boolean isUnmodified(String since, @Nullable String modified) {
        Instant known = instant(since);
        Instant current = modified == null ? null : instant(modified);
        return known != null && current != null && !current.isAfter(known);
    }

    private static @Nullable Instant instant(String date) {
        try {
            return DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from);
        } catch (DateTimeParseException noDate) {
            return null;
        }
    }
}
