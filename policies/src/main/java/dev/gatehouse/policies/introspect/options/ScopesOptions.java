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
        List<String> claim) {
    public ScopesOptions {
        required = required.stream().map(ScopesOptions::name).toList();
        claim = List.copyOf(claim);
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
