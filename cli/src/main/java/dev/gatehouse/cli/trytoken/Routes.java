package dev.gatehouse.cli.trytoken;

import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.PipelineConfig;
import dev.gatehouse.exchange.ApiEndpoint;
import dev.gatehouse.policies.introspect.trial.TrialAnswer;
import dev.gatehouse.route.RouteTable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The ways into a pipeline: every path and method of its apiEndpoints, in document order. */
final class Routes {
    /** Stands for every method that no rule names. */
    static final String ANY = "*";

    /**
     * A way into the pipeline.
     *
     * @param place host, unless every host will do, and path as written
     */
    record Route(String method, String place, ApiEndpoint endpoint) {
        Outcome decidedBy(TrialAnswer answer) {
            return new Outcome(method, place, answer.decide(method, endpoint));
        }
    }

    /** What a request gets there. */
    record Outcome(String method, String place, TrialAnswer.Decision decision) {}

    private Routes() {}

    /** @param special methods that the policy treats unlike others */
    static List<Route> of(GatewayConfig config, String pipeline, List<String> special) {
        List<Route> routes = new ArrayList<>();
        for (ApiEndpointConfig endpoint : config.apiEndpoints()) {
            if (leadsInto(config, pipeline, endpoint.name())) {
                add(routes, endpoint, special);
            }
        }
        return routes;
    }

    private static boolean leadsInto(GatewayConfig config, String pipeline, String endpoint) {
        return config.pipelines().stream()
                .filter(each -> each.name().equals(pipeline))
                .map(PipelineConfig::apiEndpoints)
                .anyMatch(names -> names.stream().anyMatch(name -> name.value().equals(endpoint)));
    }

    private static void add(List<Route> routes, ApiEndpointConfig config, List<String> special) {
        ApiEndpoint endpoint = RouteTable.endpoint(config);
        for (String path : config.pathRegex() == null ? config.paths() : List.of(config.pathRegex())) {
            for (String method : methods(config, special)) {
                routes.add(new Route(method, host(config) + path, endpoint));
            }
        }
    }

    private static Set<String> methods(ApiEndpointConfig config, List<String> special) {
        if (config.methods() != null) {
            return new LinkedHashSet<>(config.methods());
        }
        Set<String> methods = new LinkedHashSet<>(special);
        methods.add(ANY);
        return methods;
    }

    private static String host(ApiEndpointConfig config) {
        if (config.hostRegex() != null) {
            return config.hostRegex() + " ";
        }
        return config.host().equals("*") ? "" : config.host();
    }
}
