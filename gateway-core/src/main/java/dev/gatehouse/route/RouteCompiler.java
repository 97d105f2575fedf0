package dev.gatehouse.route;

import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.exchange.ApiEndpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Builds a {@link RouteTable}: groups the entries by host, compiles their patterns, numbers the routes. */
final class RouteCompiler<P> {
    private final Function<String, @Nullable P> pipelineOf;
    private final Problems problems;
    private final Map<HostPattern, List<Mount>> groups = new LinkedHashMap<>();

    RouteCompiler(Function<String, @Nullable P> pipelineOf, Problems problems) {
        this.pipelineOf = pipelineOf;
        this.problems = problems;
    }

    RouteTable<P> compile(List<ApiEndpointConfig> entries) {
        for (int i = 0; i < entries.size(); i++) {
            mount(i, entries.get(i));
        }
        List<RouteTable.Group> compiled = new ArrayList<>();
        List<Route<P>> routes = new ArrayList<>();
        List<Mount> mounts = new ArrayList<>();
        groups.forEach((host, members) -> {
            compiled.add(group(host, members, routes));
            mounts.addAll(members);
        });
        new RouteAdvice(problems, mounts).give();
        return new RouteTable<>(compiled, routes);
    }

    private void mount(int position, ApiEndpointConfig entry) {
        HostPattern host = host(entry);
        if (host == null) {
            return;
        }
        ApiEndpoint endpoint = RouteTable.endpoint(entry);
        List<Mount> group = groups.computeIfAbsent(host, h -> new ArrayList<>());
        for (PathPattern path : paths(entry)) {
            group.add(new Mount(position, entry, endpoint, host, path));
        }
    }

    private @Nullable HostPattern host(ApiEndpointConfig entry) {
        try {
            return HostPattern.of(entry);
        } catch (IllegalArgumentException e) {
            error(
                    "E0310",
                    entry,
                    "hostRegex",
                    "'" + entry.hostRegex() + "' is not a regular expression: " + e.getMessage());
            return null;
        }
    }

    private List<PathPattern> paths(ApiEndpointConfig entry) {
        String regex = entry.pathRegex();
        List<PathPattern> compiled = new ArrayList<>();
        if (regex != null) {
            try {
                compiled.add(PathPattern.search(regex));
            } catch (IllegalArgumentException e) {
                error("E0311", entry, "pathRegex", "'" + regex + "' is not a regular expression: " + e.getMessage());
            }
            return compiled;
        }
        for (String path : entry.paths()) {
            try {
                compiled.add(PathPattern.express(path));
            } catch (IllegalArgumentException e) {
                error("E0312", entry, "paths", "'" + path + "' is not a path pattern: " + e.getMessage());
            }
        }
        return compiled;
    }

    private void error(String code, ApiEndpointConfig entry, String key, String message) {
        problems.error(code, entry.span(), "apiEndpoints." + entry.name() + '.' + key, message);
    }

    private RouteTable.Group group(HostPattern host, List<Mount> members, List<Route<P>> routes) {
        PrefixIndex.Builder index = new PrefixIndex.Builder();
        for (Mount mount : members) {
            int order = routes.size();
            P pipeline = pipelineOf.apply(mount.entry().name());
            routes.add(new Route<>(
                    order,
                    mount.endpoint(),
                    pipeline,
                    host,
                    mount.path(),
                    mount.entry().methods()));
            index.add(mount.path().literal(), order);
        }
        return new RouteTable.Group(host, index.build(), routes.size());
    }

    /**
     * One path of one entry.
     *
     * @param position of the entry in the document
     */
    record Mount(int position, ApiEndpointConfig entry, ApiEndpoint endpoint, HostPattern host, PathPattern path) {}
}
