package dev.gatehouse.policies.introspect;

import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.resource.ResourceConfig;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.policies.introspect.options.IntrospectOptions;
import dev.gatehouse.policies.introspect.options.token.BindingOptions;
import dev.gatehouse.policies.introspect.options.token.BindingOptions.Binding;
import dev.gatehouse.policies.introspect.options.token.TokenOptions.ForwardToken;
import dev.gatehouse.policies.introspect.options.token.TokenSource;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.policy.PublicDocument;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Publishes the metadata of the protected resources that a step guards (RFC 9728 section 2), so that it always says what
 * the step does, and warns where the two do not fit. Start-up thread.
 */
final class ProtectedResources {
    private static final String JSON = "application/json";

    private final IntrospectOptions config;
    private final PolicyContext context;
    private final List<String> issuers;

    /** @param issuers who the tokens of the step come from */
    ProtectedResources(IntrospectOptions config, PolicyContext context, List<String> issuers) {
        this.config = config;
        this.context = context;
        this.issuers = List.copyOf(issuers);
    }

    void publish() {
        for (ApiEndpointConfig endpoint : context.apiEndpoints()) {
            ResourceConfig resource = endpoint.resource();
            if (resource != null) {
                List<String> servers = authorizationServers(resource);
                warn(endpoint, servers);
                String text = JsonMapper.shared().writeValueAsString(members(resource, servers));
                context.publish(endpoint, resource.metadata(), new PublicDocument(JSON, text));
            }
        }
    }

    private List<String> authorizationServers(ResourceConfig resource) {
        List<String> written = resource.authorizationServers();
        return written == null ? issuers : written;
    }

    private Map<String, @Nullable Object> members(ResourceConfig resource, List<String> servers) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("resource", resource.identifier());
        putUnlessEmpty(members, "authorization_servers", servers);
        putUnlessEmpty(members, "scopes_supported", resource.scopes(scopes(resource)));
        putUnlessEmpty(members, "bearer_methods_supported", TokenSource.bearerMethods(config.tokenSources()));
        putBindings(members);
        resource.extra().forEach((name, value) -> {
            if (value != null) {
                members.put(name, value);
            }
        });
        return members;
    }

    /** Keys that tokens may be bound to, as far as the gateway verifies that clients hold them. */
    private void putBindings(Map<String, @Nullable Object> members) {
        BindingOptions binding = config.senderConstraint();
        if (binding.mtls().mode() != Binding.OFF) {
            members.put("tls_client_certificate_bound_access_tokens", true);
        }
        putUnlessEmpty(members, "dpop_signing_alg_values_supported", binding.proofAlgorithms());
        if (binding.requiresProofs()) {
            members.put("dpop_bound_access_tokens_required", true);
        }
    }

    /** RFC 9728 section 3.2: what has no value is left out. */
    private static void putUnlessEmpty(Map<String, @Nullable Object> members, String name, List<String> values) {
        if (!values.isEmpty()) {
            members.put(name, values);
        }
    }

    /** Whatever some request to the resource needs; its entries may differ by method or path. */
    private Set<String> scopes(ResourceConfig resource) {
        Set<String> scopes = new LinkedHashSet<>();
        for (ApiEndpointConfig endpoint : context.apiEndpoints()) {
            ResourceConfig other = endpoint.resource();
            boolean same = other != null && other.identifier().equals(resource.identifier());
            if (same && config.scopes().fromApiEndpoint()) {
                scopes.addAll(endpoint.scopes());
            }
        }
        scopes.addAll(config.scopes().requiredNames());
        // In the same order at each start: the map has none.
        new TreeMap<>(config.scopes().byMethod()).values().forEach(scopes::addAll);
        return scopes;
    }

    private void warn(ApiEndpointConfig endpoint, List<String> servers) {
        if (servers.isEmpty()) {
            context.problems()
                    .warn(
                            "W0469",
                            endpoint.span(),
                            "apiEndpoints." + endpoint.name() + ".resource.authorizationServers",
                            "the document about '" + endpoint.name() + "' does not say where to get a token",
                            "write the issuers, here or as 'issuer' or 'claims.issuer' of the policy.");
        }
        if (config.forwardToken() != ForwardToken.NONE) {
            Node.@Nullable Mapping action = context.step().action();
            @Nullable Node written = action == null ? null : action.get("forwardToken");
            context.problems()
                    .warn(
                            "W0466",
                            written == null ? context.step().span() : written.span(),
                            context.step().path() + ".action.forwardToken",
                            "pipeline '" + context.pipeline() + "': the service behind '" + endpoint.name()
                                    + "' gets the token of the client, which is for this gateway",
                            "set 'forwardToken: none'.");
        }
    }
}
