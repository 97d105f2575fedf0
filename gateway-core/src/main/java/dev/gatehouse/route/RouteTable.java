package dev.gatehouse.route;

import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.resource.ResourceConfig;
import dev.gatehouse.exchange.ApiEndpoint;
import dev.gatehouse.exchange.ProtectedResource;
import dev.gatehouse.exchange.Refusal;
import io.netty.handler.codec.http.HttpMethod;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All routes of a configuration in the order in which they are tried.
 *
 * <p>Entries with the same host text form a group, which stands where that text first appears. The groups whose host
 * matches are tried one after the other, in each the paths in document order; the first path that matches and allows
 * the method wins. Indexes over the ends of host names and the beginnings of paths only leave out what cannot match;
 * a test compares them with the plain loop.
 *
 * <p>Immutable; safe on any thread. A selection allocates nothing in the ordinary case.
 *
 * @param <P> the type of pipelines
 */
public final class RouteTable<P> {
    private static final String ALL_METHODS = "GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS";

    private final List<Group> groups;
    private final PrefixIndex hosts;
    private final List<Route<P>> routes;
    private final Selection<P> notFound = new Selection.NotFound<>();
    private final Selection<P> wholeGateway = new Selection.Allow<>(ALL_METHODS);

    RouteTable(List<Group> groups, List<Route<P>> routes) {
        this.groups = List.copyOf(groups);
        this.routes = List.copyOf(routes);
        PrefixIndex.Builder index = new PrefixIndex.Builder();
        for (int i = 0; i < groups.size(); i++) {
            index.add(groups.get(i).host().literalEnd(), i);
        }
        this.hosts = index.buildFromEnd();
    }

    /** What an entry of the file means for requests. */
    public static ApiEndpoint endpoint(ApiEndpointConfig entry) {
        ResourceConfig resource = entry.resource();
        return new ApiEndpoint(
                entry.name(),
                entry.scopes(),
                resource == null
                        ? null
                        : new ProtectedResource(
                                resource.audience(), resource.metadata().toString()),
                entry.settings());
    }

    /**
     * Compiles apiEndpoints. What cannot be compiled is reported as an error and left out, what will surprise as a
     * warning.
     *
     * @param entries in document order
     * @param pipelineOf the pipeline that serves an apiEndpoint of this name, or null
     */
    public static <P> RouteTable<P> compile(
            List<ApiEndpointConfig> entries, Function<String, @Nullable P> pipelineOf, Problems problems) {
        return new RouteCompiler<>(pipelineOf, problems).compile(entries);
    }

    /** Routes in the order in which they are tried. */
    public List<Route<P>> routes() {
        return routes;
    }

    /** The first route for a request. */
    public Selection<P> select(@Nullable String hostHeader, RequestTarget target, HttpMethod method) {
        return select(hostHeader, target, method, -1);
    }

    /**
     * The first route behind another one.
     *
     * @param hostHeader the Host field; null when the request has none
     * @param after {@link Route#order()} of the route to go on behind; -1 for the beginning
     */
    public Selection<P> select(@Nullable String hostHeader, RequestTarget target, HttpMethod method, int after) {
        String authority = target.authority();
        if (authority != null && hostHeader != null && !HostPattern.isSameAuthority(authority, hostHeader)) {
            // RFC 9112 section 3.2.2 lets the target win, Express Gateway the field; who reads on may do either.
            return new Selection.Refused<>(Refusal.BAD_REQUEST, "target and Host name different authorities");
        }
        if (target.isAsterisk()) {
            return wholeGateway;
        }
        Request request = new Request(hostHeader, HostPattern.nameLength(hostHeader), method, after);
        Selection<P> found = find(request, target.originForm(), target.pathEnd());
        RequestTarget.Readings readings = target.readings();
        return readings == null ? found : agreed(request, target, readings, found);
    }

    /** The selection on which all readings of the path agree, or a refusal. */
    private Selection<P> agreed(
            Request request, RequestTarget target, RequestTarget.Readings readings, Selection<P> collapsed) {
        Selection<P> found = collapsed;
        String received = readings.received();
        if (received != null) {
            Selection<P> asReceived = find(request, received, received.length());
            if (isSplit(asReceived, collapsed)) {
                return new Selection.Refused<>(Refusal.NO_ROUTE, "repeated slashes change the route");
            }
            found = collapsed instanceof Selection.NotFound ? asReceived : collapsed;
        }
        if (!(found instanceof Route<P> route)) {
            return found;
        }
        for (String reading : readings.alternatives()) {
            Selection<P> other = find(request, reading, reading.length());
            if (!(other instanceof Selection.NotFound) && !isSameEntry(route, other)) {
                return new Selection.Refused<>(Refusal.BAD_REQUEST, "ambiguous path");
            }
        }
        return readings.undecodable() && !route.decodes(target.path())
                ? new Selection.Refused<>(Refusal.BAD_REQUEST, "capture is not UTF-8")
                : route;
    }

    /**
     * Whether slashes make a difference that matters. A path that matches only as received, as {@code //} does with a
     * star between two slashes, is no way around another endpoint: there is none.
     */
    private boolean isSplit(Selection<P> received, Selection<P> collapsed) {
        if (collapsed instanceof Route<P> route) {
            return !isSameEntry(route, received);
        }
        return !received.equals(collapsed) && !(collapsed instanceof Selection.NotFound);
    }

    private static <P> boolean isSameEntry(Route<P> route, Selection<P> other) {
        return other instanceof Route<P> second && second.endpoint().equals(route.endpoint());
    }

    private Selection<P> find(Request request, String path, int end) {
        PrefixIndex.Node hostNode = hosts.find(request.host(), request.hostLength());
        for (int g = hostNode.next(-1); g >= 0; g = hostNode.next(g)) {
            Group group = groups.get(g);
            if (group.end() <= request.after() || !group.host().matches(request.host(), request.hostLength())) {
                continue;
            }
            PrefixIndex.Node pathNode = group.paths().find(path, end);
            for (int r = pathNode.next(request.after()); r >= 0; r = pathNode.next(r)) {
                Route<P> route = routes.get(r);
                if (route.serves(request.method()) && route.pathPattern().matches(path, end)) {
                    return route;
                }
            }
            if (request.method().equals(HttpMethod.OPTIONS)) {
                Selection<P> allow = otherMethods(pathNode, path, end);
                if (allow != null) {
                    return allow;
                }
            }
        }
        return notFound;
    }

    private @Nullable Selection<P> otherMethods(PrefixIndex.Node pathNode, String path, int end) {
        Set<String> methods = new LinkedHashSet<>();
        for (int r = pathNode.next(-1); r >= 0; r = pathNode.next(r)) {
            Route<P> route = routes.get(r);
            List<String> own = route.methods();
            if (own != null && route.pathPattern().matches(path, end)) {
                methods.addAll(own);
            }
        }
        return methods.isEmpty() ? null : new Selection.Allow<>(String.join(",", methods));
    }

    /**
     * Entries with the same host.
     *
     * @param paths numbers of the routes by literal prefix
     * @param end behind the number of the last route
     */
    record Group(HostPattern host, PrefixIndex paths, int end) {}

    private record Request(@Nullable String host, int hostLength, HttpMethod method, int after) {}
}
