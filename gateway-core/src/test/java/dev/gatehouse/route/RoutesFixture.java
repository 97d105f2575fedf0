package dev.gatehouse.route;

import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.yaml.Source;
import dev.gatehouse.config.yaml.Span;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table built from short entries, whose selections read as one word. Every endpoint but orphan has a pipeline. */
final class RoutesFixture {
    private static final Source SOURCE = new Source("gateway.config.yml", List.of());

    private final Problems problems = new Problems();
    private final RouteTable<String> table;

    private RoutesFixture(List<ApiEndpointConfig> entries) {
        table = RouteTable.compile(entries, name -> name.equals("orphan") ? null : "pipeline of " + name, problems);
    }

    static RoutesFixture of(EntryFixture... entries) {
        List<ApiEndpointConfig> configs = new ArrayList<>();
        for (EntryFixture entry : entries) {
            configs.add(entry.config(configs.size() + 1));
        }
        return new RoutesFixture(configs);
    }

    static RoutesFixture ofConfigs(List<ApiEndpointConfig> entries) {
        return new RoutesFixture(entries);
    }

    static EntryFixture entry(String name) {
        return new EntryFixture(name);
    }

    static RequestTarget target(String raw, HttpMethod method) {
        if (RequestTarget.parse(raw, method) instanceof RequestTarget target) {
            return target;
        }
        throw new IllegalArgumentException(raw);
    }

    RouteTable<String> table() {
        return table;
    }

    List<Problem> problems() {
        return problems.all();
    }

    String select(@Nullable String host, String raw) {
        return select(host, HttpMethod.GET, raw);
    }

    String select(@Nullable String host, HttpMethod method, String raw) {
        return name(table.select(host, target(raw, method), method));
    }

    Route<String> route(@Nullable String host, String raw) {
        Selection<String> selection = table.select(host, target(raw, HttpMethod.GET), HttpMethod.GET);
        if (selection instanceof Route<String> route) {
            return route;
        }
        throw new AssertionError(selection);
    }

    /** All endpoints that take the request, one after the other. */
    List<String> names(@Nullable String host, RequestTarget target) {
        List<String> names = new ArrayList<>();
        int after = -1;
        while (table.select(host, target, HttpMethod.GET, after) instanceof Route<String> route) {
            names.add(route.endpoint().name());
            after = route.order();
        }
        return names;
    }

    static String name(Selection<String> selection) {
        if (selection instanceof Route<String> route) {
            return route.endpoint().name();
        }
        if (selection instanceof Selection.Allow<String> allow) {
            return "allow " + allow.methods();
        }
        return selection instanceof Selection.Refused<String> refused
                ? refused.refusal().name()
                : "-";
    }

    /** One entry; its line in the file is its place in the list. */
    static final class EntryFixture {
        private final String name;
        private String host = "*";
        private @Nullable String hostRegex;
        private List<String> paths = List.of("*");
        private @Nullable String pathRegex;
        private @Nullable List<String> methods;
        private List<String> scopes = List.of();

        private EntryFixture(String name) {
            this.name = name;
        }

        EntryFixture host(String pattern) {
            host = pattern;
            return this;
        }

        EntryFixture hostRegex(String regex) {
            hostRegex = regex;
            return this;
        }

        EntryFixture paths(String... patterns) {
            paths = List.of(patterns);
            return this;
        }

        EntryFixture pathRegex(String regex) {
            pathRegex = regex;
            return this;
        }

        EntryFixture methods(String... names) {
            methods = List.of(names);
            return this;
        }

        EntryFixture scopes(String... names) {
            scopes = List.of(names);
            return this;
        }

        ApiEndpointConfig config(int line) {
            Span span = new Span(SOURCE, line, 3, line, 3 + name.length());
            return new ApiEndpointConfig(name, host, hostRegex, paths, pathRegex, methods, scopes, Map.of(), span);
        }
    }
}
