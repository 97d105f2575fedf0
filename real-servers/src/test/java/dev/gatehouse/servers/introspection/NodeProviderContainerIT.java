package dev.gatehouse.servers.introspection;

import dev.gatehouse.servers.authorization.NodeProvider;
import dev.gatehouse.tls.PemFixture;
import org.testcontainers.junit.jupiter.Testcontainers;

/** Skipped, with a reason in the report, where no container engine answers. */
@Testcontainers(disabledWithoutDocker = true)
final class NodeProviderContainerIT extends NodeProviderContract {
    @Override
    NodeProvider start(PemFixture certificates) {
        return NodeProvider.container(certificates);
    }
}
