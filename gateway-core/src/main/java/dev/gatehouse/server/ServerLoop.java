package dev.gatehouse.server;

import dev.gatehouse.metrics.AccessLog;
import dev.gatehouse.upstream.UpstreamClient;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the connections of one event loop share.
 *
 * @param served the view to serve; read once per request
 * @param upstream connections of this loop to services
 * @param draining whether the gateway stops: responses then close their connection
 * @param accessLog takes a record per finished request; never blocks
 * @param ticker monotonic nanoseconds
 */
public record ServerLoop(
        Supplier<Served> served,
        UpstreamClient upstream,
        AtomicBoolean draining,
        AccessLog accessLog,
        LongSupplier ticker) {}
