package dev.gatehouse.config;

import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Nearest;
import dev.gatehouse.config.bind.OneOrMany;
import dev.gatehouse.config.bind.Rest;
import dev.gatehouse.config.resource.ResourceConfig;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code apiEndpoints}: for each name one entry, or a list of entries. */
final class ApiEndpointReader {
    private static final List<String> ANY = List.of("*");

    /** What Node.js, and so Express Gateway, knows as a method. */
    private static final Set<String> METHODS = Set.of(
            "GET",
            "HEAD",
            "POST",
            "PUT",
            "DELETE",
            "CONNECT",
            "OPTIONS",
            "TRACE",
            "PATCH",
            "ACL",
            "BIND",
            "CHECKOUT",
            "COPY",
            "LINK",
            "LOCK",
            "M-SEARCH",
            "MERGE",
            "MKACTIVITY",
            "MKCALENDAR",
            "MKCOL",
            "MOVE",
            "NOTIFY",
            "PROPFIND",
            "PROPPATCH",
            "PURGE",
            "QUERY",
            "REBIND",
            "REPORT",
            "SEARCH",
            "SOURCE",
            "SUBSCRIBE",
            "UNBIND",
            "UNLINK",
            "UNLOCK",
            "UNSUBSCRIBE");

    private final Reading reading;
    private final List<ApiEndpointConfig> endpoints = new ArrayList<>();

    ApiEndpointReader(Reading reading) {
        this.reading = reading;
    }

    List<ApiEndpointConfig> read(Node.@Nullable Entry section) {
        for (Node.Entry entry : reading.entries(section)) {
            String path = section == null ? entry.key() : section.key() + "." + entry.key();
            if (entry.value() instanceof Node.Sequence sequence) {
                for (int i = 0; i < sequence.items().size(); i++) {
                    Node item = sequence.items().get(i);
                    read(entry, item, item.span(), path + "[" + i + "]");
                }
            } else {
                read(entry, entry.value(), entry.keySpan(), path);
            }
        }
        return endpoints;
    }

    /** An entry as written. */
    private record Written(
            @Doc("Host pattern; * stands for one label.") @Nullable
            String host,

            @Doc("Regular expression for the host; wins over host.") @Nullable
            String hostRegex,

            @Doc("Path pattern or patterns.") @OneOrMany @Nullable
            List<String> paths,

            @Doc("Used when paths is absent.") @OneOrMany @Nullable
            List<String> path,

            @Doc("Regular expression for the path; wins over paths.") @Nullable
            String pathRegex,

            @Doc("Methods, as a list or separated by commas; absent = all.") @Nullable
            Node methods,

            @Doc("Scopes that a token needs.") @Nullable List<Located<String>> scopes,

            @Doc("What it is called as a protected resource (RFC 9728).") @Nullable
            Node resource,

            @Doc("All keys, for expressions.") @Rest Map<String, @Nullable Object> settings) {}

    private void read(Node.Entry name, Node node, Span place, String path) {
        // A name without settings is in the documentation of Express Gateway, which refuses it.
        Node.Mapping mapping = Reading.isNull(node)
                ? new Node.Mapping(node.span(), List.of())
                : reading.mapping(node, node.span(), path);
        if (mapping == null) {
            return;
        }
        String what = "api endpoint '" + name.key() + "'";
        Written written = reading.bind(mapping, place, path, what, Written.class);
        if (written == null) {
            return;
        }
        checkScopes(mapping, written, path);
        endpoints.add(new ApiEndpointConfig(
                name.key(),
                written.host() == null || written.host().isEmpty() ? "*" : written.host(),
                emptyAsNull(written.hostRegex()),
                paths(written),
                emptyAsNull(written.pathRegex()),
                methods(written.methods(), path + ".methods"),
                names(written.scopes()),
                resource(Reading.entry(mapping, "resource"), path + ".resource"),
                written.settings(),
                place));
    }

    private static List<String> names(@Nullable List<Located<String>> scopes) {
        return scopes == null ? List.of() : scopes.stream().map(Located::value).toList();
    }

    /**
     * The API as a protected resource. Bound by itself, because beside it people have keys of their own, which may be
     * called like the options in it.
     */
    private @Nullable ResourceConfig resource(Node.@Nullable Entry entry, String path) {
        Node.Mapping mapping = entry == null ? null : reading.mapping(entry.value(), Reading.place(entry), path);
        if (entry == null || mapping == null) {
            return null;
        }
        ResourceConfig resource = reading.bind(mapping, entry.keySpan(), path, "'" + path + "'", ResourceConfig.class);
        Node identifier = mapping.get("identifier");
        if (identifier != null && resource != null && resource.isLocal()) {
            reading.problems()
                    .warn(
                            "W0465",
                            identifier.span(),
                            path + ".identifier",
                            "'" + resource.identifier() + "' is for development and tests: other machines need https",
                            "write the https URL under which clients know this API.");
        }
        return resource;
    }

    /** Never guess about authorisation: nothing, an empty word or a duplicate is a mistake, as in Express Gateway. */
    private void checkScopes(Node.Mapping mapping, Written written, String path) {
        Node.Entry entry = Reading.entry(mapping, "scopes");
        if (entry != null && Reading.isNull(entry.value())) {
            reading.reportKind(entry.value(), Reading.place(entry), path + ".scopes", "a list");
        }
        Set<String> seen = new HashSet<>();
        List<Located<String>> scopes = written.scopes() == null ? List.of() : written.scopes();
        for (Located<String> scope : scopes) {
            if (scope.value().isEmpty()) {
                reading.problems().error("E0203", scope.span(), path + ".scopes", "a scope cannot be empty");
            } else if (!seen.add(scope.value())) {
                reading.problems()
                        .error(
                                "E0203",
                                scope.span(),
                                path + ".scopes",
                                "scope '" + scope.value() + "' is listed twice",
                                "remove one of them.");
            }
        }
    }

    private static List<String> paths(Written written) {
        List<String> paths = withoutEmpty(written.paths());
        List<String> path = paths.isEmpty() ? withoutEmpty(written.path()) : paths;
        return path.isEmpty() ? ANY : path;
    }

    private static List<String> withoutEmpty(@Nullable List<String> paths) {
        return paths == null
                ? List.of()
                : paths.stream().filter(path -> !path.isEmpty()).toList();
    }

    private static @Nullable String emptyAsNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private @Nullable List<String> methods(@Nullable Node written, String path) {
        if (written == null || Reading.isNull(written)) {
            return null;
        }
        if (written instanceof Node.Scalar scalar) {
            List<String> methods = Stream.of(scalar.text().split(","))
                    .map(String::strip)
                    .filter(method -> !method.isEmpty())
                    .toList();
            methods.forEach(method -> checkMethod(method, scalar, path));
            return methods.isEmpty() ? null : upperCase(methods);
        }
        List<String> methods = new ArrayList<>();
        if (written instanceof Node.Sequence sequence) {
            for (Node item : sequence.items()) {
                if (item instanceof Node.Scalar scalar && scalar.value() != null) {
                    checkMethod(scalar.text().strip(), scalar, path);
                    methods.add(scalar.text().strip());
                } else {
                    reading.reportKind(item, item.span(), path, "the name of a method");
                }
            }
        } else {
            reading.reportKind(written, written.span(), path, "a list");
        }
        return upperCase(methods);
    }

    private void checkMethod(String method, Node.Scalar scalar, String path) {
        String upper = method.toUpperCase(Locale.ROOT);
        boolean all = upper.equals("ALL") || upper.equals("*");
        boolean unset = scalar.span().source().referencesIn(scalar.span()).stream()
                .anyMatch(reference -> reference.reads() == null);
        if (all || METHODS.contains(upper) || unset) {
            return;
        }
        String near = Nearest.to(upper, METHODS);
        String[] hints = near == null ? new String[0] : new String[] {"did you mean '" + near + "'?"};
        reading.problems().error("E0203", scalar.span(), path, "'" + method + "' is not an HTTP method", hints);
    }

    /** Null when one of them means every method. */
    private static @Nullable List<String> upperCase(List<String> methods) {
        List<String> upper =
                methods.stream().map(method -> method.toUpperCase(Locale.ROOT)).toList();
        return upper.contains("ALL") || upper.contains("*") ? null : upper;
    }
}
