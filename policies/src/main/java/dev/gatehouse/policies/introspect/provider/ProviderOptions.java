package dev.gatehouse.policies.introspect.provider;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Rest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an entry of {@code providers} has besides the options of the policy.
 *
 * @param options empty: the other keys are welcome here and bound elsewhere, where secrets are known as such
 */
public record ProviderOptions(
        @Doc("Name of the provider; absent = its number.") @Nullable
        String name,

        @Doc("Which requests it is for; all that is given must fit.") @Default("{}")
        Match match,

        @Doc("Whether the next provider that fits is asked too about tokens that this one does not know.")
        @Default("false")
        boolean tryNext,

        @Rest Map<String, @Nullable Object> options) {
    public ProviderOptions {
        if (name != null && name.isBlank()) {
            throw new IllegalArgumentException("name: empty (expected: a name)");
        }
        options = Map.of();
    }

    /** Which requests a provider is for; null members fit all. */
    public record Match(
            @Doc("Beginning of its tokens.") @Nullable String tokenPrefix,

            @Doc("Member iss of its JWT-shaped tokens; read unverified, only to choose.") @Nullable
            String jwtIssuer,

            @Doc("Host that the request is for, without port.") @Nullable
            String host,

            @Doc("Beginning of the path, in whole segments.") @Nullable
            String pathPrefix) {
        public Match {
            refuseEmpty("tokenPrefix", tokenPrefix);
            refuseEmpty("jwtIssuer", jwtIssuer);
            refuseEmpty("host", host);
            if (host != null && !host.startsWith("[") && host.indexOf(':') >= 0) {
                throw new IllegalArgumentException("host: \"" + host + "\" (expected: a host without port)");
            }
            if (pathPrefix != null && !pathPrefix.startsWith("/")) {
                throw new IllegalArgumentException("pathPrefix: \"" + pathPrefix + "\" (expected: a path from /)");
            }
        }

        /** Whether every request fits. */
        public boolean isOpen() {
            return tokenPrefix == null
                    && jwtIssuer == null
                    && host == null
                    && (pathPrefix == null || pathPrefix.equals("/"));
        }

        private static void refuseEmpty(String key, @Nullable String value) {
            if (value != null && value.isEmpty()) {
                throw new IllegalArgumentException(key + ": \"\" (expected: a text)");
            }
        }
    }
}
