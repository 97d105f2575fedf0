package dev.gatehouse.exchange;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The apiEndpoint entry that a request matched.
 *
 * @param name its name in the file
 * @param scopes scopes that a token needs; all of them
 * @param settings every key as written, plain values; scripts read them as {@code apiEndpoint.<key>}
 */
public record ApiEndpoint(String name, List<String> scopes, Map<String, @Nullable Object> settings) {
    // Not the compact form: javac leaves the type annotations of its parameters out of the class file, and other
    // modules
    // would read that no setting is null.
    public ApiEndpoint(String name, List<String> scopes, Map<String, @Nullable Object> settings) {
        this.name = name;
        this.scopes = List.copyOf(scopes);
        this.settings = settings;
    }
}
