package dev.gatehouse.servers.introspection;

import dev.gatehouse.servers.authorization.KeycloakServer;
import dev.gatehouse.tls.PemFixture;

final class KeycloakIT extends KeycloakContract {
    @Override
    KeycloakServer start(PemFixture certificates) {
        return KeycloakServer.process(certificates);
    }
}
