package dev.gatehouse.policies.introspect.server;

import dev.gatehouse.config.bind.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What some servers want in a request besides what RFC 7662 says. Immutable; all but the idle time is part of the
 * introspection identity. Values may be API keys, so they are secrets.
 *
 * @param tokenParam name of the parameter that the token goes into
 * @param params sent behind the token, in this order
 * @param headers sent with every request
 * @param connectionIdle longest time a connection waits for the next request; null = as the gateway's limits say
 */
public record RequestAdditions(
        String tokenParam,
        Map<String, Secret> params,
        Map<String, Secret> headers,
        @Nullable Duration connectionIdle) {
    /** None. */
    public static final RequestAdditions NONE = new RequestAdditions("token", Map.of(), Map.of(), null);

    public RequestAdditions {
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** With their numbers, so that a parameter never looks like a header. */
    List<@Nullable Object> identity() {
        List<@Nullable Object> parts = new ArrayList<>();
        parts.add(tokenParam);
        add(params, parts);
        add(headers, parts);
        return parts;
    }

    private static void add(Map<String, Secret> fields, List<@Nullable Object> parts) {
        parts.add(fields.size());
        fields.forEach((name, value) -> {
            parts.add(name);
            parts.add(value.reveal());
        });
    }
}
