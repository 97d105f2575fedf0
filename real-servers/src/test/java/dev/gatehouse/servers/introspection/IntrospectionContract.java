package dev.gatehouse.servers.introspection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.servers.Answer;
import dev.gatehouse.servers.DpopKey;
import dev.gatehouse.servers.GatewayConfig;
import dev.gatehouse.servers.GatewayProcess;
import dev.gatehouse.servers.authorization.AuthorizationServer;
import dev.gatehouse.servers.authorization.AuthorizationServer.ClientCredentials;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What has to hold with every authorization server. */
abstract class IntrospectionContract<S extends AuthorizationServer> extends ServerContract<S> {
    static final String ORDERS = "https://orders.example.com";

    /** Parameters of a token request after which {@code aud} names {@link #ORDERS}. */
    abstract Map<String, String> forOrders();

    @Override
    void protect(GatewayConfig config) {
        String endpoint = here().endpoint(server().gateway());
        ClientCredentials stranger =
                new ClientCredentials("gateway", server().marks().add("wrong-secret-0815"));
        config.protect("plain", endpoint + "ttl: 2\ntimeout: 1500\n")
                .protect("outage", endpoint + "ttl: 120\n")
                .protect("stranger", here().endpoint(stranger))
                .protect("scoped", endpoint + "scopes: {required: [orders:read]}\n")
                .protect("audience", endpoint + "claims: {audience: [%s]}\n".formatted(ORDERS));
    }

    @Test
    void letsATokenOfTheClientCredentialsGrantThrough() {
        Answer answer = get("/plain", token(READ));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.text("host")).isNotEmpty();
    }

    @Test
    void refusesGarbage() {
        int before = here().backend().requests();

        Answer answer = get("/plain", server().marks().add(GARBAGE));

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.challenges()).singleElement().asString().contains("error=\"invalid_token\"");
        assertThat(here().backend().requests()).isEqualTo(before);
    }

    @Test
    void refusesARevokedTokenAfterAtMostTheStatedDelay() {
        String token = token(READ);
        assertThat(get("/plain", token).status()).isEqualTo(200);

        here().client().revoke(server().app(), token);

        await().atMost(statedDelay("plain")).until(() -> get("/plain", token).status() == 401);
        assertThat(get("/plain", token).challenges()).singleElement().asString().contains("error=\"invalid_token\"");
    }

    @Test
    void refusesWith503WhenTheServerRefusesTheGateway() {
        Answer answer = get("/stranger", token(READ));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("retry-after")).matches("[1-9][0-9]*");
        assertThat(answer.challenges()).isEmpty();
        await().until(() -> !gateway().events("introspect.client_rejected").isEmpty());
        assertThat(gateway().events("introspect.client_rejected"))
                .allMatch(line -> line.contains("\"level\":\"error\""));
    }

    @Test
    void refusesATokenWithoutTheScope() {
        assertThat(get("/scoped", token(READ)).status()).isEqualTo(200);

        Answer answer = get("/scoped", token(Map.of("scope", "orders:write")));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.challenges())
                .singleElement()
                .asString()
                .contains("error=\"insufficient_scope\"", "scope=\"orders:read\"");
    }

    @Test
    void refusesATokenForAnotherAudience() {
        assertThat(get("/audience", token(forOrders())).status()).isEqualTo(200);

        Answer answer = get("/audience", token(READ));

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.challenges()).singleElement().asString().contains("error=\"invalid_token\"");
    }

    @Test
    void refusesATokenThatIsBoundToAKeyAsABearerToken() {
        String token = here().client().boundToken(server().dpopApp(), new DpopKey(), READ);

        Answer answer = get("/plain", token);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.challenges()).anyMatch(challenge -> challenge.contains("error=\"invalid_token\""));
    }

    @Test
    void letsATokenThatIsBoundToAKeyThroughWithAFreshProof() {
        DpopKey key = new DpopKey();
        String token = here().client().boundToken(server().dpopApp(), key, READ);
        URI uri = gateway().http("/plain");
        String proof = server().marks().add(key.proof("GET", uri, token));

        assertThat(withProof(uri, token, proof).status()).isEqualTo(200);
        assertThat(withProof(uri, token, key.proof("GET", uri, token)).status()).isEqualTo(200);

        Answer replayed = withProof(uri, token, proof);
        assertThat(replayed.status()).isEqualTo(401);
        assertThat(replayed.challenges())
                .anyMatch(challenge ->
                        challenge.startsWith("DPoP ") && challenge.contains("error=\"invalid_dpop_proof\""));
    }

    @Test
    void refusesAProofThatIsForSomethingElse() {
        DpopKey key = new DpopKey();
        String token = here().client().boundToken(server().dpopApp(), key, READ);
        URI uri = gateway().http("/plain");

        List<String> proofs = List.of(
                new DpopKey().proof("GET", uri, token),
                key.proof("POST", uri, token),
                key.proof("GET", gateway().http("/plain/other"), token),
                key.proof("GET", uri, "another-token"),
                key.proof("GET", uri, null));

        assertThat(proofs).allSatisfy(proof -> {
            server().marks().add(proof);
            assertThat(withProof(uri, token, proof).status()).isEqualTo(401);
        });
    }

    @Test
    void findsTheEndpointByTheIssuer() {
        String options = "issuer: %s\n%s".formatted(server().issuer(), here().secret(server().gateway()));
        try (GatewayProcess gateway = gateway(options)) {
            assertThat(get(gateway, "/only", token(READ)).status()).isEqualTo(200);
            assertThat(get(gateway, "/only", GARBAGE).status()).isEqualTo(401);
        }
    }

    @Test
    void keepsKnownTokensWhileTheServerIsDown() {
        String known = token(READ);
        String unknown = token(READ);
        assertThat(get("/outage", known).status()).isEqualTo(200);

        server().kill();

        Answer refused = get("/outage", unknown);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("retry-after")).matches("[1-9][0-9]*");
        assertThat(refused.challenges()).isEmpty();
        assertThat(get("/outage", known).status()).isEqualTo(200);

        server().restart();

        String fresh = token(READ);
        await().atMost(Duration.ofSeconds(5)).until(() -> get("/outage", fresh).status() == 200);
    }

    private Answer withProof(URI uri, String token, String proof) {
        return here().http().get(uri, "Authorization", "DPoP " + token, "DPoP", proof);
    }

    /** What the gateway itself exports as the longest time that a revoked token may pass. */
    private Duration statedDelay(String pipeline) {
        String metrics = here().http().get(gateway().ops("/metrics")).body();
        Matcher gauge = Pattern.compile("(?m)^gateway_introspection_revocation_delay_seconds\\{[^}]*pipeline=\""
                        + pipeline
                        + "\"[^}]*} ([0-9.]+)$")
                .matcher(metrics);
        assertThat(gauge.find()).as(metrics).isTrue();
        Duration delay = Duration.ofMillis(Math.round(Double.parseDouble(gauge.group(1)) * 1000));
        assertThat(delay).isEqualTo(Duration.ofMillis(3500));
        return delay;
    }
}
