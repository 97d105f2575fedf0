package dev.gatehouse.servers.introspection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.servers.Answer;
import dev.gatehouse.servers.GatewayConfig;
import dev.gatehouse.servers.GatewayProcess;
import dev.gatehouse.servers.authorization.KeycloakServer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What only Keycloak does, or does in its own way. */
abstract class KeycloakContract extends CertificateContract<KeycloakServer> {
    @Override
    Map<String, String> forOrders() {
        return Map.of("scope", "orders:read orders-api");
    }

    @Override
    void protect(GatewayConfig config) {
        super.protect(config);
        String endpoint = here().endpoint(server().gateway());
        config.protect("bound", endpoint);
        config.protect("identity", endpoint + """
                forwardToken: none
                identity:
                  headers: {X-Client: client_id, X-Scope: scope, X-Roles: realm_access.roles, X-User: sub, X-Name: username}
                """);
    }

    @Test
    void tellsTheServiceWhoIsCalling() {
        Answer answer = get("/identity", token(forOrders()));

        assertThat(answer.text("x-client")).isEqualTo("app");
        assertThat(answer.text("x-scope")).isEqualTo("orders:read");
        assertThat(answer.text("x-roles")).isEqualTo("orders-admin");
        assertThat(answer.text("x-user")).matches("[0-9a-f-]{36}");
        assertThat(answer.text("x-name")).isEqualTo("service-account-app");
        assertThat(answer.text("authorization")).isEmpty();
    }

    @Test
    void refusesATokenThatDoesNotNameTheGateway() {
        // Since 26.6.2 Keycloak calls a token inactive for every client that is not in its audience.
        String token = here().client().token(server().foreignApp(), READ);

        assertThat(get("/plain", token).status()).isEqualTo(401);
    }

    @Test
    void refusesWith503WhenASignedAnswerIsRequiredThatKeycloakDoesNotGive() {
        // It answers plain JSON to any Accept, at most with a member "jwt" in it, which is not RFC 9701.
        String options = """
                issuer: %s
                response: {format: jwt}
                %s""".formatted(server().issuer(), here().secret(server().gateway()));
        try (GatewayProcess gateway = gateway(options)) {
            assertThat(get(gateway, "/only", token(READ)).status()).isEqualTo(503);
        }
    }
}
