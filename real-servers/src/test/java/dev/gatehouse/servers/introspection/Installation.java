package dev.gatehouse.servers.introspection;

import dev.gatehouse.servers.EchoBackend;
import dev.gatehouse.servers.GatewayConfig;
import dev.gatehouse.servers.GatewayProcess;
import dev.gatehouse.servers.WebClient;
import dev.gatehouse.servers.Workspace;
import dev.gatehouse.servers.authorization.AuthorizationServer;
import dev.gatehouse.servers.authorization.AuthorizationServer.ClientCredentials;
import dev.gatehouse.servers.authorization.OAuthClient;
import dev.gatehouse.tls.PemFixture;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** An authorization server, a service, and a gateway between the tests and both. */
final class Installation<S extends AuthorizationServer> implements AutoCloseable {
    private final PemFixture certificates = new PemFixture(Workspace.folder("certificates"));
    private final WebClient http = WebClient.plain();
    private final EchoBackend backend = new EchoBackend();
    private final S server;
    private final OAuthClient client;

    Installation(Function<PemFixture, S> start) {
        try {
            server = start.apply(certificates);
        } catch (AssertionError | RuntimeException e) {
            backend.close();
            throw e;
        }
        client = new OAuthClient(server);
    }

    /** Starts a gateway; the caller closes it. */
    GatewayProcess gateway(Consumer<GatewayConfig> protect) {
        GatewayConfig config = new GatewayConfig(backend.url(), certificates);
        protect.accept(config);
        return GatewayProcess.start(config.text(), server.marks(), Map.of());
    }

    S server() {
        return server;
    }

    OAuthClient client() {
        return client;
    }

    EchoBackend backend() {
        return backend;
    }

    PemFixture certificates() {
        return certificates;
    }

    /** Lines of YAML: the endpoint, and id and secret of a client there. */
    String endpoint(ClientCredentials gateway) {
        return "endpoint: %s\n%s".formatted(server.introspectionEndpoint(), secret(gateway));
    }

    /** Lines of YAML: id and secret of a client. */
    String secret(ClientCredentials gateway) {
        return "clientAuth: {method: client_secret_basic, clientId: %s, clientSecret: %s}\n"
                .formatted(gateway.id(), gateway.secret());
    }

    WebClient http() {
        return http;
    }

    @Override
    public void close() {
        backend.close();
        server.close();
    }
}
