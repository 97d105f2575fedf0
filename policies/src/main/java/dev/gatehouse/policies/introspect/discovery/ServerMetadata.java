package dev.gatehouse.policies.introspect.discovery;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an authorization server publishes about itself (RFC 8414 section 2), as far as the gateway uses it. Every URL
 * has the scheme of the issuer and leads to no private address unless the issuer does. Immutable.
 *
 * @param issuer exactly as configured
 * @param tokenEndpoint null = not published
 * @param jwksUri null = not published
 * @param introspectionAuthMethods client authentication that the introspection endpoint takes; empty = not published
 * @param mtlsAliases endpoints for clients that authenticate with a certificate (RFC 8705 section 5), by the name of
 *     the member that they stand for, such as {@code introspection_endpoint}
 */
public record ServerMetadata(
        String issuer,
        ServerUrl introspectionEndpoint,
        @Nullable ServerUrl tokenEndpoint,
        @Nullable ServerUrl jwksUri,
        List<String> introspectionAuthMethods,
        Map<String, ServerUrl> mtlsAliases) {
    public ServerMetadata {
        introspectionAuthMethods = List.copyOf(introspectionAuthMethods);
        mtlsAliases = Map.copyOf(mtlsAliases);
    }

    /**
     * Where tokens are asked for.
     *
     * @param certificate whether the gateway authenticates with a client certificate
     */
    public ServerUrl introspectionEndpoint(boolean certificate) {
        @Nullable ServerUrl alias = certificate ? mtlsAliases.get("introspection_endpoint") : null;
        return alias == null ? introspectionEndpoint : alias;
    }

    /**
     * Where the gateway gets a token of its own; null = not published.
     *
     * @param certificate whether the gateway authenticates with a client certificate
     */
    public @Nullable ServerUrl tokenEndpoint(boolean certificate) {
        @Nullable ServerUrl alias = certificate ? mtlsAliases.get("token_endpoint") : null;
        return alias == null ? tokenEndpoint : alias;
    }
}
