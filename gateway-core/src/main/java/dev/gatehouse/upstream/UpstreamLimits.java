package dev.gatehouse.upstream;

import dev.gatehouse.config.LimitsConfig;
import java.time.Duration;

/**
 * Bounds of what services may cost.
 *
 * @param connectTimeout bound of name resolution, TCP and TLS set-up together, and of waiting for a free connection
 * @param responseTimeout bound from the end of the request to the response head
 * @param bodyIdleTimeout longest pause inside a response body while more is wanted; never more than the response
 *     timeout of the call
 * @param idleTimeout longest time a connection waits in the pool
 * @param maxHeaderBytes largest header section of a response
 * @param maxHeaderCount most header lines of a response
 * @param maxConnections most connections to one target, over all event loops
 * @param maxWaiting most calls that wait for a connection to one target, over all event loops
 */
public record UpstreamLimits(
        Duration connectTimeout,
        Duration responseTimeout,
        Duration bodyIdleTimeout,
        Duration idleTimeout,
        int maxHeaderBytes,
        int maxHeaderCount,
        int maxConnections,
        int maxWaiting) {
    private static final int MAX_WAITING = 512;

    public static UpstreamLimits of(LimitsConfig config) {
        return new UpstreamLimits(
                config.upstreamConnectTimeoutMs(),
                config.upstreamResponseTimeoutMs(),
                config.upstreamBodyIdleTimeoutMs(),
                config.upstreamIdleTimeoutMs(),
                config.upstreamMaxHeaderBytes(),
                config.upstreamMaxHeaderCount(),
                config.upstreamMaxConnections(),
                MAX_WAITING);
    }
}
