package dev.gatehouse.runtime;

import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.server.Served;
import java.util.List;

/**
 * A configuration, built. Immutable but for what the policies share.
 *
 * @param config what the file says
 * @param served what connections see of it
 * @param guards a line for each pipeline, in document order
 * @param resources what its policies hold
 */
record Snapshot(GatewayConfig config, Served served, List<Guard> guards, SharedResources.Lease resources)
        implements AutoCloseable {
    Snapshot {
        guards = List.copyOf(guards);
    }

    @Override
    public void close() {
        resources.close();
    }
}
