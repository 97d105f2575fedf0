package dev.gatehouse.config;

import dev.gatehouse.config.resource.ResourceConfig;
import dev.gatehouse.config.yaml.Span;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of an apiEndpoint. An apiEndpoint written as a list yields several entries of the same name, in document
 * order.
 *
 * @param name the name of the apiEndpoint
 * @param host host pattern; {@code *} when absent or empty
 * @param hostRegex wins over {@code host}; null when absent
 * @param paths path patterns; {@code [*]} when absent or empty
 * @param pathRegex wins over {@code paths}; null when absent
 * @param methods upper-case methods; null = all, empty = none
 * @param scopes scopes that a token needs
 * @param resource what it is called as a protected resource (RFC 9728); null = it has no such name
 * @param settings every key as written, for expressions ({@code apiEndpoint.<key>})
 * @param span place of the entry
 */
public record ApiEndpointConfig(
        String name,
        String host,
        @Nullable String hostRegex,
        List<String> paths,
        @Nullable String pathRegex,
        @Nullable List<String> methods,
        List<String> scopes,
        @Nullable ResourceConfig resource,
        Map<String, @Nullable Object> settings,
        Span span) {
    public ApiEndpointConfig {
        paths = List.copyOf(paths);
        methods = methods == null ? null : List.copyOf(methods);
        scopes = List.copyOf(scopes);
    }

    /** An entry that is no protected resource with a name of its own. */
    public ApiEndpointConfig(
            String name,
            String host,
            @Nullable String hostRegex,
            List<String> paths,
            @Nullable String pathRegex,
            @Nullable List<String> methods,
            List<String> scopes,
            Map<String, @Nullable Object> settings,
            Span span) {
        this(name, host, hostRegex, paths, pathRegex, methods, scopes, null, settings, span);
    }
}
