package dev.gatehouse.runtime.build;

import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.PipelineConfig;
import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.exchange.ApiEndpoint;
import dev.gatehouse.pipeline.Pipeline;
import dev.gatehouse.policy.PublicDocument;
import dev.gatehouse.route.BadTarget;
import dev.gatehouse.route.HostPattern;
import dev.gatehouse.route.ParsedTarget;
import dev.gatehouse.route.RequestTarget;
import dev.gatehouse.route.Route;
import dev.gatehouse.route.RouteTable;
import dev.gatehouse.server.document.Documents;
import dev.gatehouse.server.document.Documents.Place;
import io.netty.handler.codec.http.HttpMethod;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what policies publish: each document for the hosts of its apiEndpoint, in the order in which routing
 * tries those hosts. Confined to the thread that builds.
 */
final class Publications {
    private final List<ApiEndpointConfig> endpoints;
    private final Problems problems;
    private final Map<String, PipelineConfig> servedBy = new HashMap<>();
    // Lists, because the hash of what knows its place in a file would be that of the whole file.
    private final List<Publication> all = new ArrayList<>();
    private final List<PipelineConfig> broken = new ArrayList<>();

    /**
     * One document.
     *
     * @param location its absolute URL
     */
    record Publication(PipelineConfig pipeline, ApiEndpointConfig endpoint, URI location, PublicDocument document) {}

    Publications(List<ApiEndpointConfig> endpoints, List<PipelineConfig> pipelines, Problems problems) {
        this.endpoints = endpoints;
        this.problems = problems;
        for (PipelineConfig pipeline : pipelines) {
            for (Located<String> name : pipeline.apiEndpoints()) {
                servedBy.put(name.value(), pipeline);
            }
        }
    }

    /** Takes what a step publishes. What belongs to an apiEndpoint that another pipeline serves has no effect. */
    void add(List<Publication> ofStep) {
        for (Publication each : ofStep) {
            if (each.pipeline().equals(servedBy.get(each.endpoint().name()))) {
                all.add(each);
            }
        }
    }

    /** A step of this pipeline could not be made, so what it would publish is not known. */
    void broken(PipelineConfig pipeline) {
        broken.add(pipeline);
    }

    /** Reports what contradicts itself or will surprise. */
    Documents documents(RouteTable<Pipeline> routes) {
        endpoints.forEach(this::requirePublication);
        if (all.isEmpty()) {
            return Documents.NONE;
        }
        Map<HostPattern, List<Publication>> byHost = new LinkedHashMap<>();
        for (ApiEndpointConfig endpoint : endpoints) {
            HostPattern host = host(endpoint);
            if (host != null) {
                byHost.computeIfAbsent(host, first -> new ArrayList<>()).addAll(of(endpoint));
            }
        }
        Map<Place, Publication> places = new LinkedHashMap<>();
        byHost.forEach((host, members) -> members.forEach(each -> place(each, host, places, routes)));
        Map<Place, PublicDocument> documents = new LinkedHashMap<>();
        places.forEach((place, publication) -> documents.put(place, publication.document()));
        return new Documents(documents);
    }

    /** A document that nobody publishes is a protection that nobody gives. */
    private void requirePublication(ApiEndpointConfig endpoint) {
        PipelineConfig pipeline = servedBy.get(endpoint.name());
        boolean known = pipeline == null || !broken.contains(pipeline);
        if (endpoint.resource() != null && known && of(endpoint).isEmpty()) {
            problems.error(
                    "E0465",
                    endpoint.span(),
                    path(endpoint),
                    "'" + endpoint.name() + "' is a protected resource, but no policy of its pipeline checks tokens"
                            + " for it",
                    "add 'oauth2-introspect' to the pipeline that serves it, or remove 'resource'.");
        }
    }

    private List<Publication> of(ApiEndpointConfig endpoint) {
        return all.stream().filter(each -> each.endpoint().equals(endpoint)).toList();
    }

    private static @Nullable HostPattern host(ApiEndpointConfig endpoint) {
        try {
            return HostPattern.of(endpoint);
        } catch (IllegalArgumentException e) {
            return null; // the compiler of routes says so
        }
    }

    private void place(
            Publication publication, HostPattern host, Map<Place, Publication> places, RouteTable<Pipeline> routes) {
        RequestTarget target = target(publication);
        if (target == null) {
            return;
        }
        Publication first = places.putIfAbsent(new Place(host, target.originForm()), publication);
        if (first != null) {
            requireSame(first, publication, target);
            return;
        }
        String name = publication.location().getHost();
        if (!host.matches(name, name.length())) {
            warnAboutHost(publication, name);
        }
        warnAboutHidden(publication, routes, target, name);
    }

    private @Nullable RequestTarget target(Publication publication) {
        URI location = publication.location();
        String query = location.getRawQuery() == null ? "" : '?' + location.getRawQuery();
        ParsedTarget parsed = RequestTarget.parse(location.getRawPath() + query, HttpMethod.GET);
        if (parsed instanceof RequestTarget target) {
            return target;
        }
        String reason = parsed instanceof BadTarget bad ? bad.reason() : "no path";
        problems.error(
                "E0203",
                publication.endpoint().span(),
                path(publication.endpoint()) + ".identifier",
                "'" + location + "' cannot be requested: " + reason);
        return null;
    }

    private void requireSame(Publication first, Publication second, RequestTarget target) {
        if (first.document().equals(second.document())) {
            return;
        }
        boolean same = first.endpoint().equals(second.endpoint());
        problems.error(
                "E0466",
                second.endpoint().span(),
                path(second.endpoint()),
                same
                        ? "two steps of pipeline '" + second.pipeline().name() + "' describe '"
                                + second.endpoint().name() + "' differently"
                        : "'" + first.endpoint().name() + "' (line "
                                + first.endpoint().span().line() + ") and '"
                                + second.endpoint().name() + "' have different documents at '"
                                + target.originForm() + "'",
                "an identifier has one document: write the same 'resource', and give the steps the same issuers,"
                        + " token sources and sender constraints.");
    }

    private void warnAboutHost(Publication publication, String name) {
        ApiEndpointConfig endpoint = publication.endpoint();
        problems.warn(
                "W0468",
                endpoint.span(),
                path(endpoint) + ".identifier",
                "clients look for '" + publication.location() + "', but '" + endpoint.name() + "' does not serve host '"
                        + name + "'",
                "a proxy in front may change the host; else make 'host' and 'identifier' agree.");
    }

    private void warnAboutHidden(
            Publication publication, RouteTable<Pipeline> routes, RequestTarget target, String host) {
        if (!(routes.select(host, target, HttpMethod.GET) instanceof Route<Pipeline> route)) {
            return;
        }
        String pattern = route.describe(host, target.path()).pattern();
        ApiEndpointConfig hidden = entry(route.endpoint());
        if (hidden != null && pattern != null && pattern.startsWith("/.well-known")) {
            problems.warn(
                    "W0467",
                    hidden.span(),
                    "apiEndpoints." + hidden.name() + ".paths",
                    "path '" + pattern + "' of '" + hidden.name() + "' does not get '" + target.originForm()
                            + "': the document about '" + publication.endpoint().name() + "' is there",
                    "remove the path, or the 'resource' of '"
                            + publication.endpoint().name() + "'.");
        }
    }

    private @Nullable ApiEndpointConfig entry(ApiEndpoint matched) {
        return endpoints.stream()
                .filter(each ->
                        each.name().equals(matched.name()) && each.settings().equals(matched.settings()))
                .findFirst()
                .orElse(null);
    }

    private static String path(ApiEndpointConfig endpoint) {
        return "apiEndpoints." + endpoint.name() + ".resource";
    }
}
