package dev.gatehouse.servers.introspection;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.servers.Answer;
import dev.gatehouse.servers.GatewayConfig;
import dev.gatehouse.servers.GatewayProcess;
import dev.gatehouse.servers.WebClient;
import dev.gatehouse.servers.authorization.AuthorizationServer;
import dev.gatehouse.tls.PemFixture;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** One authorization server for all tests of a class, and one gateway with a pipeline for each way of asking it. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServerContract<S extends AuthorizationServer> {
    static final Map<String, String> READ = Map.of("scope", "orders:read");
    static final String GARBAGE = "garbage-that-nobody-issued";

    private @Nullable Installation<S> installation;
    private @Nullable GatewayProcess gateway;

    /** Starts the server, in the way of the concrete class. */
    abstract S start(PemFixture certificates);

    /** Adds the pipelines of the gateway that all tests share. */
    abstract void protect(GatewayConfig config);

    @BeforeAll
    void startEverything() {
        Installation<S> started = new Installation<>(this::start);
        installation = started;
        gateway = started.gateway(this::protect);
    }

    @AfterAll
    void stopEverything() {
        try {
            if (gateway != null) {
                gateway.close();
            }
        } finally {
            if (installation != null) {
                installation.close();
            }
        }
    }

    final Installation<S> here() {
        return requireNonNull(installation);
    }

    final S server() {
        return here().server();
    }

    /** The gateway that all tests share. */
    final GatewayProcess gateway() {
        return requireNonNull(gateway);
    }

    /** A gateway for one test, with the one pipeline {@code only}; the caller closes it. */
    final GatewayProcess gateway(String options) {
        return here().gateway(config -> config.protect("only", options));
    }

    /** Asks the shared gateway. */
    final Answer get(String path, String token) {
        return get(gateway(), path, token);
    }

    final Answer get(GatewayProcess gateway, String path, String token) {
        return here().http().get(gateway.http(path), "Authorization", "Bearer " + token);
    }

    /** A new token of the client {@code app}. */
    final String token(Map<String, String> parameters) {
        return here().client().token(server().app(), parameters);
    }

    /** A client for TLS that shows this certificate; null = none. */
    final WebClient tls(PemFixture.@Nullable Pair own) {
        return WebClient.tls(here().certificates().ca(), own);
    }
}
