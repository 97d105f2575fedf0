package dev.gatehouse.policies.introspect.options;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the authorization server is: the form of the options that say so. Which of them go together is not judged. */
public final class ServerOptions {
    public static final String FAILOVER = "failover";
    public static final String ROUND_ROBIN = "roundRobin";

    /** Each has a breaker, a queue and time series of its own. */
    private static final int MAX_ENDPOINTS = 16;

    private ServerOptions() {}

    /**
     * Judges each option by itself.
     *
     * @throws IllegalArgumentException naming the option that is malformed
     */
    static void check(@Nullable URI endpoint, List<URI> endpoints, String strategy, @Nullable URI issuer) {
        if (endpoint != null) {
            Ranges.endpoint("endpoint", endpoint);
        }
        endpoints.forEach(url -> Ranges.endpoint("endpoints", url));
        if (endpoints.size() > MAX_ENDPOINTS) {
            throw new IllegalArgumentException(
                    "endpoints: " + endpoints.size() + " (expected: at most " + MAX_ENDPOINTS + ")");
        }
        Ranges.oneOf("strategy", strategy, FAILOVER, ROUND_ROBIN);
        if (issuer != null) {
            Ranges.endpoint("issuer", issuer);
            if (issuer.getRawQuery() != null) {
                throw new IllegalArgumentException("issuer: has a query, which RFC 8414 section 2 forbids");
            }
        }
    }
}
