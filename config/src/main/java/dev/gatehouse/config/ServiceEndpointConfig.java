package dev.gatehouse.config;

import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Nearest;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A service endpoint: where proxied requests go.
 *
 * @param name its name
 * @param urls at least one absolute http or https URL
 * @param proxyOptions options for the proxy policies that use it; null when absent
 * @param span its place
 */
public record ServiceEndpointConfig(String name, List<URI> urls, Node.@Nullable Mapping proxyOptions, Span span) {
    public ServiceEndpointConfig {
        urls = List.copyOf(urls);
    }

    /**
     * The service endpoint called {@code name}, or null after it was reported that there is none.
     *
     * @param path dotted path of the option that names it
     */
    public static @Nullable ServiceEndpointConfig find(
            List<ServiceEndpointConfig> defined, Located<String> name, String path, Problems problems) {
        Map<String, ServiceEndpointConfig> byName = new TreeMap<>();
        defined.forEach(service -> byName.put(service.name(), service));
        ServiceEndpointConfig found = byName.get(name.value());
        if (found != null) {
            return found;
        }
        List<String> hints = new ArrayList<>();
        String near = Nearest.to(name.value(), byName.keySet());
        ServiceEndpointConfig meant = near == null ? null : byName.get(near);
        if (meant != null) {
            hints.add("did you mean '" + near + "' (line " + meant.span().line() + ")?");
        }
        hints.add(
                byName.isEmpty()
                        ? "no service endpoint is defined."
                        : "defined service endpoints: " + String.join(", ", byName.keySet()) + ".");
        String message = "service endpoint '" + name.value() + "' is not defined";
        problems.error("E0302", name.span(), path, message, hints.toArray(String[]::new));
        return null;
    }
}
