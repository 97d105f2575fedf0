package dev.gatehouse.servers.introspection;

import dev.gatehouse.servers.authorization.SpringAuthorizationServer;
import dev.gatehouse.tls.PemFixture;
import org.testcontainers.junit.jupiter.Testcontainers;

/** Skipped, with a reason in the report, where no container engine answers. */
@Testcontainers(disabledWithoutDocker = true)
final class SpringContainerIT extends SpringContract {
    @Override
    SpringAuthorizationServer start(PemFixture certificates) {
        return SpringAuthorizationServer.container();
    }
}
