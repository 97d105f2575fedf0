package dev.gatehouse.runtime;

import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.runtime.build.Snapshot;
import dev.gatehouse.tls.ClientTls;
import dev.gatehouse.tls.TlsProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What only a started gateway has: event loops, open listeners, TLS towards services. */
record Running(Loops loops, Listeners listeners, ClientTls tls) {
    /** Reads keys and certificates again of which a file is among {@code changed}; what fails stays as it was. */
    List<TlsReload> reload(Collection<TlsSettings> settings, Collection<Path> changed) {
        List<TlsReload> results = new ArrayList<>();
        if (listeners.files().stream().map(Path::toAbsolutePath).anyMatch(changed::contains)) {
            results.add(tried("https", listeners::reloadTls));
        }
        for (TlsSettings each : settings) {
            if (Snapshot.files(Set.of(each)).stream().anyMatch(changed::contains)) {
                results.add(tried("services", () -> tls.prepare(each)));
            }
        }
        return results;
    }

    /** Forgets TLS settings towards services that nobody uses. */
    void retain(Stream<Snapshot.Inputs> used) {
        tls.retain(used.flatMap(inputs -> inputs.tls().stream()).collect(Collectors.toSet()));
    }

    /** Accepts nothing more; idle connections close, the others after their current response. */
    void drain() {
        listeners.stopAccepting();
        listeners.drain();
    }

    void close() {
        listeners.close();
        loops.close();
    }

    private static TlsReload tried(String what, Runnable reading) {
        try {
            reading.run();
            return new TlsReload(what, null);
        } catch (TlsProblem e) {
            return new TlsReload(what, String.valueOf(e.getMessage()));
        }
    }
}
