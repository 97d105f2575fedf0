package dev.gatehouse.runtime.build;

import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.config.GatewayConfig;
import dev.gatehouse.config.HttpsConfig;
import dev.gatehouse.server.Served;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A configuration, built. Immutable but for what the policies share.
 *
 * @param config what the file says
 * @param served what connections see of it
 * @param guards a line for each pipeline, in document order
 * @param inputs what else its policies were made from
 * @param resources what its policies hold
 */
public record Snapshot(
        GatewayConfig config, Served served, List<Guard> guards, Inputs inputs, SharedResources.Lease resources)
        implements AutoCloseable {
    public Snapshot {
        guards = List.copyOf(guards);
    }

    /**
     * What policies asked for beside the configuration.
     *
     * @param files every file that a policy named
     * @param tls settings towards services whose files were checked
     */
    public record Inputs(Set<Path> files, Set<TlsSettings> tls) {
        public Inputs {
            files = Set.copyOf(files);
            tls = Set.copyOf(tls);
        }
    }

    /** Files that policies were made from, but for keys and certificates. */
    public Set<Path> files() {
        Set<Path> files = new HashSet<>(inputs.files());
        files.removeAll(files(inputs.tls()));
        return files;
    }

    /** Files of keys and certificates, towards services and of the listener. */
    public Set<Path> tlsFiles() {
        Set<Path> files = new HashSet<>(files(inputs.tls()));
        HttpsConfig https = config.https();
        if (https != null) {
            files.addAll(files(https));
        }
        return files;
    }

    @Override
    public void close() {
        resources.close();
    }

    /** The files of TLS settings, absolute. */
    public static Set<Path> files(Collection<TlsSettings> settings) {
        return settings.stream()
                .flatMap(each -> each.files().stream())
                .map(Path::toAbsolutePath)
                .collect(Collectors.toSet());
    }

    /** The files of a TLS listener. */
    public static List<Path> files(HttpsConfig config) {
        return config.certificates().stream()
                .flatMap(each -> Stream.concat(Stream.of(each.key(), each.cert()), each.ca().stream()))
                .map(Path::toAbsolutePath)
                .toList();
    }
}
