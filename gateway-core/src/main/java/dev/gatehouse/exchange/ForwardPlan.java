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
 * @param redirects how redirects of the service are followed; null = the client gets them
 * @param upgradable whether a WebSocket handshake of the client is passed on as such
 */
public record ForwardPlan(
        String service,
        List<Target> targets,
        String requestTarget,
        @Nullable Duration responseTimeout,
        boolean preserveHeaderCase,
        @Nullable RedirectRules redirects,
        boolean upgradable) {
    /** A plan that neither follows redirects nor opens tunnels. */
    public ForwardPlan(
            String service,
            List<Target> targets,
            String requestTarget,
            @Nullable Duration responseTimeout,
            boolean preserveHeaderCase) {
        this(service, targets, requestTarget, responseTimeout, preserveHeaderCase, null, false);
    }

    /** The same plan where nobody asked for WebSocket. */
    public ForwardPlan withoutUpgrade() {
        return new ForwardPlan(service, targets, requestTarget, responseTimeout, preserveHeaderCase, redirects, false);
    }

    /** The same plan for another target. */
    public ForwardPlan at(Target target, String otherRequestTarget) {
        return new ForwardPlan(
                service,
                List.of(target),
                otherRequestTarget,
                responseTimeout,
                preserveHeaderCase,
                redirects,
                upgradable);
    }
}
