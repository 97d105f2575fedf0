package dev.gatehouse.policies.auth.claim;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The way to a claim: a dot leads into nested objects. Split once, at start. Immutable. */
public final class ClaimPath {
    private final List<String> names;

    private ClaimPath(List<String> names) {
        this.names = names;
    }

    /**
     * The claim that a configuration names.
     *
     * @param dotted such as {@code realm_access.roles}
     */
    public static ClaimPath of(String dotted) {
        return new ClaimPath(List.of(dotted.split("\\.", -1)));
    }

    /** The name of the claim itself, without those of the objects around it. */
    public String last() {
        return names.get(names.size() - 1);
    }

    /** The value at the end of the path; null when there is none or when it is null. */
    public @Nullable Object find(Map<String, @Nullable Object> claims) {
        Object value = claims;
        for (int i = 0; i < names.size(); i++) {
            value = value instanceof Map<?, ?> members ? members.get(names.get(i)) : null;
        }
        return value;
    }
}
