package dev.gatehouse.policies.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.policies.GatewayFixture;
import dev.gatehouse.upstream.ScriptedPeer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A message has the version of whoever sends it (RFC 9112 section 2.3). */
final class RelayedVersionIT {
    @TempDir
    private Path folder;

    @Test
    void answersInItsOwnVersionWhateverTheServiceSpeaks() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.start(folder, "- proxy: {action: {serviceEndpoint: backend}}\n");
                var client = gateway.client()) {
            gateway.service().otherwise(ScriptedPeer.sendAndClose("HTTP/1.0 200 OK\r\n\r\nhello"));

            client.get("/a", "Connection: close");

            // Chunks, which end what had no end of its own, exist in HTTP/1.1 only.
            assertThat(client.rest())
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("transfer-encoding: chunked")
                    .contains("hello");
        }
    }
}
