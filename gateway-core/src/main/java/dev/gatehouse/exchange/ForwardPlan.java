package dev.gatehouse.exchange;

import dev.gatehouse.client.Target;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where and how the engine streams a request.
 *
 * @param service name of the service endpoint, for metrics and logs
 * @param targets in the order in which they are tried; a later one only when nothing was sent to the earlier
 * @param requestTarget request-target of the outgoing request, in origin form
 * @param responseTimeout bound from the end of the request to the response headers; null = the limit of the gateway
 * @param preserveHeaderCase whether the service's spelling of header names reaches the client
 */
public record ForwardPlan(
        String service,
        List<Target> targets,
        String requestTarget,
        @Nullable Duration responseTimeout,
        boolean preserveHeaderCase) {}
