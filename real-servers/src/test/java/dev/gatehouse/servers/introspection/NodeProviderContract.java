package dev.gatehouse.servers.introspection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.gatehouse.servers.Answer;
import dev.gatehouse.servers.FreePort;
import dev.gatehouse.servers.GatewayConfig;
import dev.gatehouse.servers.GatewayProcess;
import dev.gatehouse.servers.authorization.AuthorizationServer.ClientCredentials;
import dev.gatehouse.servers.authorization.NodeProvider;
import dev.gatehouse.tls.PemFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only node-oidc-provider does, or does in its own way. */
abstract class NodeProviderContract extends CertificateContract<NodeProvider> {
    @Override
    Map<String, String> forOrders() {
        return Map.of("scope", "orders:read", "resource", ORDERS);
    }

    @Override
    void protect(GatewayConfig config) {
        super.protect(config);
        NodeProvider server = server();
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

    @Test
    void findsTheEndpointOnceTheServerIsThere() {
        server().kill();
        try (GatewayProcess gateway =
                gateway("issuer: %s\n%s".formatted(server().issuer(), here().secret(server().gateway())))) {
            Answer early = get(gateway, "/only", GARBAGE);
            assertThat(early.status()).isEqualTo(503);
            assertThat(early.header("retry-after")).matches("[1-9][0-9]*");

            server().restart();

            String token = token(READ);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> get(gateway, "/only", token).status() == 200);
        } finally {
            server().restart();
        }
    }

    @Test
    void asksTheNextEndpointWhenOneIsGone() {
        String options = "endpoints: ['http://127.0.0.1:%d/gone', '%s']\n%s"
                .formatted(FreePort.next(), server().introspectionEndpoint(), here().secret(server().gateway()));
        try (GatewayProcess gateway = gateway(options)) {
            assertThat(get(gateway, "/only", token(READ)).status()).isEqualTo(200);
            assertThat(get(gateway, "/only", GARBAGE).status()).isEqualTo(401);
        }
    }

    @Nested
    final class SignedAnswers {
        private String options(String more) {
            return "issuer: %s\nresponse: {format: jwt%s}\nttl: 2\ntimeout: 1500\n%s"
                    .formatted(server().issuer(), more, here().secret(server().signedGateway()));
        }

        @Test
        void decideLikePlainOnes() {
            try (GatewayProcess gateway = gateway(options(""))) {
                String token = token(READ);
                assertThat(get(gateway, "/only", token).status()).isEqualTo(200);
                assertThat(get(gateway, "/only", GARBAGE).status()).isEqualTo(401);

                here().client().revoke(server().app(), token);

                await().atMost(Duration.ofMillis(3500))
                        .until(() -> get(gateway, "/only", token).status() == 401);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {", audience: somebody-else", ", algs: [ES256]"})
        void areRefusedWhenTheyAreNotWhatIsExpected(String expected) {
            try (GatewayProcess gateway = gateway(options(expected))) {
                assertThat(get(gateway, "/only", token(READ)).status()).isEqualTo(503);
                await().until(() -> !gateway.events("introspect.invalid_answer").isEmpty());
            }
        }
    }

    @Nested
    final class GatewayWithAKey {
        private String options(ECKey key) {
            String pem = "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n".formatted(pkcs8(key));
            Path file = here().certificates().write("assertions", pem);
            return """
                    endpoint: %s
                    clientAuth:
                      method: private_key_jwt
                      clientId: gateway-key
                      key: '%s'
                      kid: %s
                      audience: %s
                    """.formatted(server().introspectionEndpoint(), file, key.getKeyID(), server().issuer());
        }

        @Test
        void isKnownByItsAssertions() {
            try (GatewayProcess gateway = gateway(options(server().gatewayKey()))) {
                assertThat(get(gateway, "/only", token(READ)).status()).isEqualTo(200);
                assertThat(get(gateway, "/only", token(READ)).status())
                        .as("an assertion of its own for each call")
                        .isEqualTo(200);
            }
        }

        @Test
        void isRefusedWithAnotherKey() throws JOSEException {
            ECKey other = new ECKeyGenerator(Curve.P_256).keyID("gateway-1").generate();
            try (GatewayProcess gateway = gateway(options(other))) {
                assertThat(get(gateway, "/only", token(READ)).status()).isEqualTo(503);
                await().until(() ->
                        !gateway.events("introspect.client_rejected").isEmpty());
            }
        }

        private static String pkcs8(ECKey key) {
            try {
                return Base64.getMimeEncoder()
                        .encodeToString(key.toECPrivateKey().getEncoded());
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Nested
    final class GatewayWithATokenOfItsOwn {
        private String options(String more) {
            return "endpoint: %s\nclientAuth:\n  method: bearer\n%s"
                    .formatted(server().bearerIntrospectionEndpoint(), more.indent(2));
        }

        @Test
        void getsItAndGetsANewOneWhenItIsRevoked() {
            ClientCredentials own = server().bearerGateway();
            String options = options("tokenEndpoint: %s\nclientId: %s\nclientSecret: %s"
                    .formatted(server().tokenEndpoint(), own.id(), own.secret()));
            try (GatewayProcess gateway = gateway(options)) {
                assertThat(get(gateway, "/only", token(READ)).status()).isEqualTo(200);

                server().restart(); // forgets all tokens

                assertThat(get(gateway, "/only", token(READ)).status()).isEqualTo(200);
            }
        }

        @Test
        void isRefusedWithATokenOfAnother() {
            try (GatewayProcess gateway = gateway(options("token: " + token(READ)))) {
                assertThat(get(gateway, "/only", token(READ)).status()).isEqualTo(503);
                await().until(() ->
                        !gateway.events("introspect.client_rejected").isEmpty());
            }
        }
    }

    @Nested
    final class GatewayWithACertificate {
        private String options(String name) {
            PemFixture.Pair own = here().certificates().issue(name);
            return """
                    endpoint: %s
                    tls: {ca: ['%s']}
                    clientAuth: {method: tls_client_auth, clientId: gateway-mtls, certificate: '%s', key: '%s'}
                    """.formatted(
                    server().tls().introspection(), here().certificates().ca(), own.cert(), own.key());
        }

        @Test
        void isKnownByItsSubject() {
            String token = here().client().token(tls(null), server().tls().token(), server().app(), READ);
            try (GatewayProcess gateway = gateway(options("gateway-mtls"))) {
                assertThat(get(gateway, "/only", token).status()).isEqualTo(200);
            }
        }

        @Test
        void isRefusedWithTheSubjectOfAnother() {
            try (GatewayProcess gateway = gateway(options("somebody-else"))) {
                assertThat(get(gateway, "/only", token(READ)).status()).isEqualTo(503);
                await().until(() ->
                        !gateway.events("introspect.client_rejected").isEmpty());
            }
        }
    }
}
