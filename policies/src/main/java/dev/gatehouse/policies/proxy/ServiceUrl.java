package dev.gatehouse.policies.proxy;

import dev.gatehouse.client.Target;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One URL of a service endpoint, taken apart. Immutable.
 *
 * @param tried this target first, then those that a refused connection may be moved to
 * @param path of the URL without a final slash where something follows; empty = nothing is put before the request's
 * @param wholePath of the URL as written, at least a slash, for {@code ignorePath}
 * @param query of the URL; null = none
 * @param authority value of the Host field
 * @param authorization value of the Authorization field; null = that of the client stays
 */
record ServiceUrl(
        List<Target> tried,
        String path,
        String wholePath,
        @Nullable String query,
        String authority,
        @Nullable String authorization) {
    ServiceUrl {
        tried = List.copyOf(tried);
    }

    static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    /** Without the value of the Authorization field. */
    @Override
    public String toString() {
        return authority + wholePath;
    }
}
