package dev.gatehouse.runtime;

import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.server.Served;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A configuration, built. Immutable but for what the policies share.
 *
 * @param config what the file says
 * @param served what connections see of it
 * @param guards a line for each pipeline, in document order
 * @param inputs what else its policies were made from
 * @param resources what its policies hold
 */
record Snapshot(GatewayConfig config, Served served, List<Guard> guards, Inputs inputs, SharedResources.Lease resources)
        implements AutoCloseable {
    Snapshot {
        guards = List.copyOf(guards);
    }

    /**
     * What policies asked for beside the configuration.
     *
     * @param files every file that a policy named
     * @param tls settings towards services whose files were checked
     */
    record Inputs(Set<Path> files, Set<TlsSettings> tls) {
        Inputs {
            files = Set.copyOf(files);
            tls = Set.copyOf(tls);
        }
    }

    @Override
    public void close() {
        resources.close();
    }
}
