package dev.gatehouse.policies.introspect.options;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.OneOrMany;
import java.util.List;
import java.util.Map;

/** Which scopes a request needs. */
public record ScopesOptions(
        @Doc("Requires the scopes of the apiEndpoint, all of them.") @Default("true")
        boolean fromApiEndpoint,

        @Doc("Scopes required by this policy, in addition; '{ scope: name }' is read as 'name'.")
        @Default("[]")
        @OneOrMany
        List<Object> required,

        @Doc("Whether all of 'required' must be held or any one.") @Default("all")
        ClaimsOptions.Match match,

        @Doc("Claims that may hold the scopes; the first one present counts.")
        @Default("[scope, scopes, scp]")
        @OneOrMany
        List<String> claim,

        @Doc("Method to scopes that it needs in addition, all of them; HEAD needs those of GET unless it is named.")
        @Default("{}")
        @OneOrMany
        Map<String, List<String>> byMethod) {
    public ScopesOptions {
        required = required.stream().map(ScopesOptions::name).toList();
        claim = List.copyOf(claim);
        Ranges.methods("byMethod", byMethod.keySet());
        if (byMethod.values().stream().anyMatch(names -> names.contains(""))) {
            throw new IllegalArgumentException("byMethod: expected names of scopes");
        }
        byMethod = Map.copyOf(byMethod);
    }

    /** The scopes that only requests with this method need. */
    public List<String> forMethod(String method) {
        List<String> needed = byMethod.get(method);
        if (needed == null && method.equals("HEAD")) {
            needed = byMethod.get("GET"); // its answer tells most of what that of GET tells
        }
        return needed == null ? List.of() : needed;
    }

    /** The names in {@link #required}. */
    public List<String> requiredNames() {
        return required.stream().map(String::valueOf).toList();
    }

    private static Object name(Object entry) {
        Object name = entry instanceof Map<?, ?> map ? map.get("scope") : entry;
        if (!(name instanceof String text) || text.isEmpty()) {
            throw new IllegalArgumentException("required: expected names of scopes");
        }
        return text;
    }
}
