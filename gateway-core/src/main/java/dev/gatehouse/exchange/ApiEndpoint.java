package dev.gatehouse.exchange;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The apiEndpoint entry that a request matched.
 *
 * @param name its name in the file
 * @param scopes scopes that a token needs; all of them
 * @param resource its name as a protected resource; null = it has none
 * @param settings every key as written, plain values; scripts read them as {@code apiEndpoint.<key>}
 */
public record ApiEndpoint(
        String name,
        List<String> scopes,
        @Nullable ProtectedResource resource,
        Map<String, @Nullable Object> settings) {
    // Not the compact form: javac leaves the type annotations of its parameters out of the class file, and other
    // modules
    // would read that no setting is null.
    public ApiEndpoint(
            String name,
            List<String> scopes,
            @Nullable ProtectedResource resource,
            Map<String, @Nullable Object> settings) {
        this.name = name;
        this.scopes = List.copyOf(scopes);
        this.resource = resource;
        this.settings = settings;
    }

    /** An endpoint that is no protected resource with a name of its own. */
    public ApiEndpoint(String name, List<String> scopes, Map<String, @Nullable Object> settings) {
        this(name, scopes, null, settings);
    }
}
