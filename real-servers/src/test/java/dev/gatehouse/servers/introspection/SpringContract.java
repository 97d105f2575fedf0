package dev.gatehouse.servers.introspection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.servers.Answer;
import dev.gatehouse.servers.GatewayConfig;
import dev.gatehouse.servers.authorization.SpringAuthorizationServer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What only Spring Authorization Server does, or does in its own way. */
abstract class SpringContract extends IntrospectionContract<SpringAuthorizationServer> {
    @Override
    Map<String, String> forOrders() {
        return Map.of("scope", "orders:read orders-api");
    }

    @Override
    void protect(GatewayConfig config) {
        super.protect(config);
        config.protect("identity", here().endpoint(server().gateway()) + """
                forwardToken: none
                identity:
                  headers: {X-Client: client_id, X-User: sub, X-Audience: aud, X-Tenant: tenant.name}
                """);
    }

    @Test
    void tellsTheServiceWhoIsCalling() {
        Answer answer = get("/identity", token(READ));

        assertThat(answer.text("x-client")).isEqualTo("app");
        assertThat(answer.text("x-user")).as("without a user the client").isEqualTo("app");
        assertThat(answer.text("x-audience")).isEqualTo("app");
        assertThat(answer.text("x-tenant")).isEqualTo("acme");
        assertThat(answer.text("authorization")).isEmpty();
    }
}
