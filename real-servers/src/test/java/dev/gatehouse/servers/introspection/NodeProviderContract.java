package dev.gatehouse.servers.introspection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.servers.Answer;
import dev.gatehouse.servers.GatewayConfig;
import dev.gatehouse.servers.authorization.NodeProvider;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What only node-oidc-provider does, or does in its own way. */
abstract class NodeProviderContract extends IntrospectionContract<NodeProvider> {
    @Override
    Map<String, String> forOrders() {
        return Map.of("scope", "orders:read", "resource", ORDERS);
    }

    @Override
    void protect(GatewayConfig config) {
        super.protect(config);
        NodeProvider server = here().server();
        config.protect("identity", here().endpoint(server.gateway()) + """
                forwardToken: none
                identity:
                  headers: {X-Client: client_id, X-Scope: scope, X-Tenant: tenant.name, X-Groups: tenant.groups, X-User: sub}
                """);
        config.protect("bound", """
                endpoint: %s
                tls: {ca: ['%s']}
                %s""".formatted(
                        server.tls().introspection(), here().certificates().ca(), here().secret(server.gateway())));
    }

    @Test
    void tellsTheServiceWhoIsCalling() {
        Answer answer = here().http()
                .get(
                        gateway().http("/identity"),
                        "Authorization",
                        "Bearer " + token(Map.of("scope", "orders:read orders:write")),
                        "X-User",
                        "forged");

        assertThat(answer.text("x-client")).isEqualTo("app");
        assertThat(answer.text("x-scope")).isEqualTo("orders:read orders:write");
        assertThat(answer.text("x-tenant")).isEqualTo("acme");
        assertThat(answer.text("x-groups")).isEqualTo("blue,green");
        assertThat(answer.text("x-user")).as("there is no user").isEmpty();
        assertThat(answer.text("authorization")).isEmpty();
    }
}
