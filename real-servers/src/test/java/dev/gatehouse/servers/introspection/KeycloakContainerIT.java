package dev.gatehouse.servers.introspection;

import dev.gatehouse.servers.authorization.KeycloakServer;
import dev.gatehouse.tls.PemFixture;
import org.testcontainers.junit.jupiter.Testcontainers;

/** Skipped, with a reason in the report, where no container engine answers. */
@Testcontainers(disabledWithoutDocker = true)
final class KeycloakContainerIT extends KeycloakContract {
    @Override
    KeycloakServer start(PemFixture certificates) {
        return KeycloakServer.container(certificates);
    }
}
