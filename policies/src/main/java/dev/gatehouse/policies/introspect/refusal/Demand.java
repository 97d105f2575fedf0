package dev.gatehouse.policies.introspect.refusal;

import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.resource.ResourceConfig;
import dev.gatehouse.exchange.ApiEndpoint;
import dev.gatehouse.exchange.ProtectedResource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What challenges tell about an endpoint. Immutable.
 *
 * @param scopes scopes that the endpoint itself needs
 * @param methodScopes scopes that only the method of the request needs
 * @param metadata URL of the document about the protected resource (RFC 9728 section 5.1); null = it is none
 */
record Demand(
        List<String> scopes,
        List<String> methodScopes,
        @Nullable String metadata) {
    /** Of the endpoint that a request matched. */
    static Demand of(ApiEndpoint endpoint, List<String> methodScopes) {
        ProtectedResource resource = endpoint.resource();
        return new Demand(endpoint.scopes(), methodScopes, resource == null ? null : resource.metadata());
    }

    /** Of an endpoint as it is configured. */
    static Demand of(ApiEndpointConfig endpoint, List<String> methodScopes) {
        ResourceConfig resource = endpoint.resource();
        return new Demand(
                endpoint.scopes(),
                methodScopes,
                resource == null ? null : resource.metadata().toString());
    }
}
