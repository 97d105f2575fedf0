package dev.gatehouse.servers.introspection;

import dev.gatehouse.servers.authorization.NodeProvider;
import dev.gatehouse.tls.PemFixture;

final class NodeProviderIT extends NodeProviderContract {
    @Override
    NodeProvider start(PemFixture certificates) {
        return NodeProvider.process(certificates);
    }
}
