package dev.gatehouse.servers.introspection;

import dev.gatehouse.servers.authorization.SpringAuthorizationServer;
import dev.gatehouse.tls.PemFixture;

final class SpringIT extends SpringContract {
    @Override
    SpringAuthorizationServer start(PemFixture certificates) {
        return SpringAuthorizationServer.process();
    }
}
