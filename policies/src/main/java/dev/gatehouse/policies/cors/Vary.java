package dev.gatehouse.policies.cors;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/** The field {@code Vary}: what else a cache has to compare (RFC 9110 section 12.5.5). */
final class Vary {
    private Vary() {}

    /** Adds {@code name} to what the response names already; repeated fields become one line. */
    static void add(HttpHeaders response, String name) {
        String line = String.join(", ", response.getAll(HttpHeaderNames.VARY));
        for (String known : line.split(",", -1)) {
            if (known.strip().equalsIgnoreCase(name) || known.strip().equals("*")) {
                return;
            }
        }
        response.set(HttpHeaderNames.VARY, line.isBlank() ? name : line + ", " + name);
    }
}
