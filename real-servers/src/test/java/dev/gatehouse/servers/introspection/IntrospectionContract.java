package dev.gatehouse.servers.introspection;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.servers.Answer;
import dev.gatehouse.servers.DpopKey;
import dev.gatehouse.servers.GatewayConfig;
import dev.gatehouse.servers.GatewayProcess;
import dev.gatehouse.servers.WebClient;
import dev.gatehouse.servers.authorization.AuthorizationServer;
import dev.gatehouse.servers.authorization.AuthorizationServer.ClientCredentials;
import dev.gatehouse.tls.PemFixture;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What has to hold with every authorization server. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class IntrospectionContract<S extends AuthorizationServer> {
    static final String ORDERS = "https://orders.example.com";
    private static final Map<String, String> READ = Map.of("scope", "orders:read");

    private @Nullable Installation<S> installation;
    private @Nullable GatewayProcess gateway;

    /** Starts the server, in the way of the concrete class. */
    abstract S start(PemFixture certificates);

    /** Parameters of a token request after which {@code aud} names {@link #ORDERS}. */
    abstract Map<String, String> forOrders();

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

    void protect(GatewayConfig config) {
        String endpoint = here().endpoint(here().server().gateway());
        ClientCredentials stranger =
                new ClientCredentials("gateway", here().server().marks().add("wrong-secret-0815"));
        config.protect("plain", endpoint + "ttl: 2\ntimeout: 1500\n")
                .protect("outage", endpoint + "ttl: 120\n")
                .protect("stranger", here().endpoint(stranger))
                .protect("scoped", endpoint + "scopes: {required: [orders:read]}\n")
                .protect("audience", endpoint + "claims: {audience: [%s]}\n".formatted(ORDERS));
    }

    Installation<S> here() {
        return requireNonNull(installation);
    }

    GatewayProcess gateway() {
        return requireNonNull(gateway);
    }

    Answer get(String path, String token) {
        return here().get(gateway().http(path), token);
    }

    String token(Map<String, String> parameters) {
        return here().client().token(here().server().app(), parameters);
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

        Answer answer = get("/plain", here().server().marks().add("garbage-that-nobody-issued"));

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.challenges()).singleElement().asString().contains("error=\"invalid_token\"");
        assertThat(here().backend().requests()).isEqualTo(before);
    }

    @Test
    void refusesARevokedTokenAfterAtMostTheStatedDelay() {
        String token = token(READ);
        assertThat(get("/plain", token).status()).isEqualTo(200);

        here().client().revoke(here().server().app(), token);

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
    void refusesATokenThatIsBoundToACertificateWithoutThatCertificate() {
        PemFixture.Pair own = here().certificates().issue("alice");
        PemFixture.Pair other = here().certificates().issue("mallory");
        String token = here().client()
                .token(tls(own), here().server().tls().token(), here().server().certificateApp(), READ);
        List<String> bearer = List.of("Authorization", "Bearer " + token);

        assertThat(tls(own).get(gateway().https("/bound"), bearer.toArray(String[]::new))
                        .status())
                .isEqualTo(200);
        assertThat(tls(other)
                        .get(gateway().https("/bound"), bearer.toArray(String[]::new))
                        .status())
                .isEqualTo(401);
        assertThat(tls(null)
                        .get(gateway().https("/bound"), bearer.toArray(String[]::new))
                        .status())
                .isEqualTo(401);
        assertThat(get("/bound", token).status()).isEqualTo(401);
    }

    @Test
    void refusesATokenThatIsBoundToAKeyAsABearerToken() {
        String token = here().client().boundToken(here().server().dpopApp(), new DpopKey(), READ);

        Answer answer = get("/plain", token);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.challenges()).anyMatch(challenge -> challenge.contains("error=\"invalid_token\""));
    }

    @Test
    void keepsKnownTokensWhileTheServerIsDown() {
        String known = token(READ);
        String unknown = token(READ);
        assertThat(get("/outage", known).status()).isEqualTo(200);

        here().server().kill();

        Answer refused = get("/outage", unknown);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("retry-after")).matches("[1-9][0-9]*");
        assertThat(refused.challenges()).isEmpty();
        assertThat(get("/outage", known).status()).isEqualTo(200);

        here().server().restart();

        String fresh = token(READ);
        await().atMost(Duration.ofSeconds(5)).until(() -> get("/outage", fresh).status() == 200);
    }

    private WebClient tls(PemFixture.@Nullable Pair own) {
        return WebClient.tls(here().certificates().ca(), own);
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
