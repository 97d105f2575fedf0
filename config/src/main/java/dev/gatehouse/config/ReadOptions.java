package dev.gatehouse.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the reader of a configuration has to know about the rest of the product.
 *
 * @param policies name of every policy there is, with the keys of its action; used to tell misspelt and misplaced keys
 * @param strict whether warnings are errors ({@code --strict})
 * @param lenient whether misspelt and misplaced keys are warnings ({@code --compat lenient})
 */
public record ReadOptions(Map<String, Set<String>> policies, boolean strict, boolean lenient) {
    public ReadOptions {
        policies = Map.copyOf(policies);
    }

    /** The default way to read, for policies of which only the names are known. */
    public static ReadOptions of(Set<String> knownPolicies) {
        Map<String, Set<String>> policies = new LinkedHashMap<>();
        knownPolicies.forEach(name -> policies.put(name, Set.of()));
        return new ReadOptions(policies, false, false);
    }

    Set<String> knownPolicies() {
        return policies.keySet();
    }

    Set<String> optionsOf(String policy) {
        return policies.getOrDefault(policy, Set.of());
    }
}
