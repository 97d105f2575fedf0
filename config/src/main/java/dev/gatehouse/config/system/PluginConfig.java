package dev.gatehouse.config.system;

import dev.gatehouse.config.yaml.Span;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A plugin of Express Gateway. It is JavaScript and never runs here; what well-known ones do may be built in.
 *
 * @param name its key
 * @param span place of its key
 */
public record PluginConfig(String name, Span span) {
    private static final String PREFIX = "express-gateway-plugin-";
    /** Plugins whose policies are known, by the name without prefix. */
    private static final Map<String, List<String>> POLICIES =
            Map.of("rewrite", List.of("rewrite"), "lambda-proxy", List.of("lambda-proxy"));

    /** Whether some plugin, named in a file or not, is known for this policy. */
    public static boolean isKnownFor(String policy) {
        return POLICIES.values().stream().anyMatch(policies -> policies.contains(policy));
    }

    /** Whether everything that this plugin is known for is among the policies of the product. */
    public boolean isBuiltIn(Set<String> policies) {
        List<String> known = POLICIES.get(bareName());
        return known != null && policies.containsAll(known);
    }

    /** Whether a policy of this name is likely to come from this plugin. */
    public boolean looksLikeSourceOf(String policy) {
        return bareName().equals(policy)
                || POLICIES.getOrDefault(bareName(), List.of()).contains(policy);
    }

    private String bareName() {
        return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    }
}
