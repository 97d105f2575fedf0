package dev.gatehouse.route;

import dev.gatehouse.exchange.ApiEndpoint;
import dev.gatehouse.exchange.RouteMatch;
import io.netty.handler.codec.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One path of one apiEndpoint entry with its host and methods. Made when the table is compiled, so that a match
 * allocates nothing. Immutable; safe on any thread.
 *
 * @param <P> the type of pipelines
 */
public final class Route<P> implements Selection<P> {
    private final int order;
    private final ApiEndpoint endpoint;
    private final @Nullable P pipeline;
    private final HostPattern host;
    private final PathPattern path;
    private final @Nullable List<String> methods;
    private final Set<String> served;

    Route(
            int order,
            ApiEndpoint endpoint,
            @Nullable P pipeline,
            HostPattern host,
            PathPattern path,
            @Nullable List<String> methods) {
        this.order = order;
        this.endpoint = endpoint;
        this.pipeline = pipeline;
        this.host = host;
        this.path = path;
        this.methods = methods == null ? null : withHead(methods);
        this.served = this.methods == null ? Set.of() : Set.copyOf(this.methods);
    }

    /** GET serves HEAD, too; Express names it right behind GET. */
    private static List<String> withHead(List<String> methods) {
        Set<String> all = new LinkedHashSet<>();
        for (String method : methods) {
            all.add(method);
            if (method.equals("GET")) {
                all.add("HEAD");
            }
        }
        return List.copyOf(all);
    }

    /** The entry that matched; the same object for all paths of an entry. */
    public ApiEndpoint endpoint() {
        return endpoint;
    }

    /** Null when the apiEndpoint belongs to no pipeline: 404. */
    public @Nullable P pipeline() {
        return pipeline;
    }

    /** Place in the order in which routes are tried; {@code select} can go on behind it. */
    public int order() {
        return order;
    }

    /**
     * What the match captured. Computed anew at each call, because most pipelines never ask.
     *
     * @param hostHeader the Host field that was matched
     * @param path the canonical path that was matched
     */
    public RouteMatch describe(@Nullable String hostHeader, String path) {
        PathPattern.Captures raw = this.path.captures(path);
        Map<String, String> parameters = new LinkedHashMap<>();
        raw.parameters().forEach((name, value) -> {
            String decoded = Escapes.decode(value);
            parameters.put(name, decoded == null ? value : decoded);
        });
        List<String> hostCaptures = hostHeader == null
                ? List.of()
                : host.captures(hostHeader.substring(0, HostPattern.nameLength(hostHeader)));
        return new RouteMatch(this.path.text(), parameters, hostCaptures, raw.prefix());
    }

    HostPattern hostPattern() {
        return host;
    }

    PathPattern pathPattern() {
        return path;
    }

    /** Upper case, HEAD behind GET; null = all. */
    @Nullable
    List<String> methods() {
        return methods;
    }

    boolean serves(HttpMethod method) {
        return methods == null || served.contains(method.name());
    }

    /** Whether every capture of {@code path} can be decoded. */
    boolean decodes(String path) {
        return this.path.captures(path).parameters().values().stream()
                .noneMatch(value -> Escapes.decode(value) == null);
    }

    /** The name of the apiEndpoint and the pattern. */
    @Override
    public String toString() {
        return endpoint.name() + ' ' + path.text();
    }
}
