package dev.gatehouse.config.resource;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.OneOrMany;
import java.net.URI;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The key {@code resource} of an apiEndpoint: the API as a protected resource with a name of its own (RFC 9728).
 *
 * @param identifier its name, which clients ask tokens for and which is never made from what a request says
 * @param authorizationServers issuers of its tokens; null = those that the policy of its pipeline accepts
 * @param scopesSupported a list of scopes, empty = none are told; null = those that requests need
 * @param extra further members of the document, in the order in which they are written
 */
public record ResourceConfig(
        @Doc("Name of the API: an absolute https URL without fragment.")
        String identifier,

        @Doc("Issuers of its tokens; absent = the issuers that its policy accepts.") @OneOrMany @Nullable
        List<String> authorizationServers,

        @Doc("Scopes that the document names; 'false' = none; absent = those that requests need.") @Nullable
        Object scopesSupported,

        @Doc("Further members of the document, such as resource_name; no derived one.") @Default("{}")
        Map<String, @Nullable Object> extra) {
    /** What the URL of the document has in front of the path of the identifier (RFC 9728 section 3.1). */
    public static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

    /** Members that say what the gateway does, and the one by which a signer would vouch for them. */
    private static final Set<String> DERIVED = Set.of(
            "resource",
            "authorization_servers",
            "scopes_supported",
            "bearer_methods_supported",
            "tls_client_certificate_bound_access_tokens",
            "dpop_signing_alg_values_supported",
            "dpop_bound_access_tokens_required",
            "signed_metadata");

    public ResourceConfig {
        NamedUrl.require("identifier", identifier);
        if (authorizationServers != null) {
            authorizationServers.forEach(NamedUrl::requireIssuer);
            authorizationServers = List.copyOf(authorizationServers);
        }
        scopesSupported = scopes(scopesSupported);
        for (String member : extra.keySet()) {
            if (DERIVED.contains(member)) {
                throw new IllegalArgumentException(
                        "extra: '" + member + "' is a member that the gateway derives from what it does");
            }
        }
        requireJson(extra);
        extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
    }

    private static @Nullable Object scopes(@Nullable Object written) {
        if (written == null) {
            return null;
        }
        if (Boolean.FALSE.equals(written)) {
            return List.of();
        }
        if (!(written instanceof List<?> list) || !list.stream().allMatch(ResourceConfig::isScope)) {
            throw new IllegalArgumentException("scopesSupported: expected a list of scopes, or false");
        }
        return List.copyOf(new LinkedHashSet<>(list));
    }

    /** A scope-token of RFC 6749 section 3.3. */
    private static boolean isScope(@Nullable Object written) {
        return written instanceof String text
                && !text.isEmpty()
                && text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\');
    }

    private static void requireJson(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            map.values().forEach(ResourceConfig::requireJson);
        } else if (value instanceof List<?> list) {
            list.forEach(ResourceConfig::requireJson);
        } else if (!(value == null
                || value instanceof String
                || value instanceof Boolean
                || value instanceof Long
                || (value instanceof Double number && Double.isFinite(number)))) {
            throw new IllegalArgumentException("extra: holds a value that JSON does not have");
        }
    }

    /** Whether the name is not protected by TLS, which only a host of one's own machine may have. */
    public boolean isLocal() {
        return !NamedUrl.isSecure(URI.create(identifier));
    }

    /** Where the document is served: RFC 9728 section 3.1, with the path and query of the identifier. */
    public URI metadata() {
        URI name = URI.create(identifier);
        String path = name.getRawPath().equals("/") ? "" : name.getRawPath();
        String query = name.getRawQuery() == null ? "" : '?' + name.getRawQuery();
        return URI.create(name.getScheme() + "://" + name.getRawAuthority() + WELL_KNOWN + path + query);
    }

    /**
     * What tokens for it may have in {@code aud}: its name, and for the root of a host also the other spelling of the
     * same URL, because URL libraries of clients add that slash.
     */
    public List<String> audience() {
        URI name = URI.create(identifier);
        if (name.getRawQuery() != null || name.getRawPath().length() > 1) {
            return List.of(identifier);
        }
        boolean slash = identifier.endsWith("/");
        return List.of(identifier, slash ? identifier.substring(0, identifier.length() - 1) : identifier + '/');
    }

    /** The scopes to tell: those that are written, else {@code needed}. */
    public List<String> scopes(Collection<String> needed) {
        return scopesSupported instanceof List<?> told
                ? told.stream().map(String::valueOf).toList()
                : List.copyOf(new LinkedHashSet<>(needed));
    }
}
