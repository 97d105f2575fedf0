package dev.gatehouse.policies.introspect.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.policies.introspect.server.EndpointFixture;
import dev.gatehouse.policies.introspect.server.TimeFixture;
import io.netty.handler.codec.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8414: where the endpoints are, found by the name of the issuer alone. */
class DiscoveryTest {
    private static final String ISSUER = "https://as.example.com/tenant";
    private static final String OAUTH = "/.well-known/oauth-authorization-server/tenant";
    private static final String OPENID = "/tenant/.well-known/openid-configuration";
    private static final String ENDPOINT = "https://as.example.com/introspect";

    private final TimeFixture time = new TimeFixture();
    private final IssuerFixture server = new IssuerFixture();

    private Discovery discovery(String issuer) {
        var key = Discovery.Key.of(new ServerUrl(URI.create(issuer)), TlsSettings.DEFAULT);
        return new Discovery(key, server, time, time::after);
    }

    /** A discovery that has looked once. */
    private Discovery looked(String issuer) {
        Discovery discovery = discovery(issuer);
        assertThat(discovery.ready()).isCompleted();
        return discovery;
    }

    private @Nullable String endpoint(Discovery discovery) {
        ServerMetadata metadata = discovery.current();
        return metadata == null ? null : metadata.introspectionEndpoint().uri().toString();
    }

    @Test
    void readsTheDocumentOfRfc8414First() {
        server.publishes(OAUTH, IssuerFixture.metadata(ISSUER, ENDPOINT, ""));

        assertThat(endpoint(looked(ISSUER))).isEqualTo(ENDPOINT);
        assertThat(server.paths()).containsExactly(OAUTH);
        HttpCall call = server.calls().get(0);
        assertThat(call.method()).isEqualTo(HttpMethod.GET);
        assertThat(call.target().authority()).isEqualTo("as.example.com");
        assertThat(call.headers().get("accept")).isEqualTo("application/json");
        assertThat(call.maxResponseBytes()).isEqualTo(128 * 1024);
        assertThat(call.totalTimeout()).isLessThanOrEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void readsTheDocumentOfOpenIdWhenThereIsNoOther() {
        server.publishes(OPENID, IssuerFixture.metadata(ISSUER, ENDPOINT, ""));

        assertThat(endpoint(looked(ISSUER))).isEqualTo(ENDPOINT);
        assertThat(server.paths()).containsExactly(OAUTH, OPENID);
    }

    @ParameterizedTest
    @CsvSource({
        "https://as.example.com, /.well-known/oauth-authorization-server, /.well-known/openid-configuration",
        "https://as.example.com/, /.well-known/oauth-authorization-server, /.well-known/openid-configuration",
        "https://as.example.com/a/b, /.well-known/oauth-authorization-server/a/b,"
                + " /a/b/.well-known/openid-configuration",
        "https://as.example.com/a/, /.well-known/oauth-authorization-server/a, /a/.well-known/openid-configuration",
    })
    void insertsTheWellKnownPart(String issuer, String oauth, String openid) {
        looked(issuer);

        assertThat(server.paths()).containsExactly(oauth, openid);
    }

    @Test
    void keepsWhatOthersNeed() {
        server.publishes(OAUTH, IssuerFixture.metadata(ISSUER, ENDPOINT, """
                ,"token_endpoint":"https://as.example.com/token","jwks_uri":"https://keys.example.com/jwks",
                "introspection_endpoint_auth_methods_supported":["private_key_jwt","tls_client_auth",7],
                "mtls_endpoint_aliases":{"introspection_endpoint":"https://mtls.example.com/introspect",
                "token_endpoint":"https://mtls.example.com/token","other":1},"more":{}"""));

        ServerMetadata metadata = Objects.requireNonNull(looked(ISSUER).current());

        assertThat(metadata.issuer()).isEqualTo(ISSUER);
        assertThat(metadata.tokenEndpoint(false)).hasToString("https://as.example.com/token");
        assertThat(metadata.tokenEndpoint(true)).hasToString("https://mtls.example.com/token");
        assertThat(metadata.introspectionEndpoint(false)).hasToString(ENDPOINT);
        assertThat(metadata.introspectionEndpoint(true)).hasToString("https://mtls.example.com/introspect");
        assertThat(metadata.jwksUri()).hasToString("https://keys.example.com/jwks");
        assertThat(metadata.introspectionAuthMethods()).containsExactly("private_key_jwt", "tls_client_auth");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://as.example.com/tenant/",
                "https://as.example.com/Tenant",
                "https://AS.example.com/tenant",
                "https://as.example.com",
                "https://evil.example.com/tenant",
            })
    void refusesADocumentOfAnotherIssuer(String other) {
        server.publishes(OAUTH, IssuerFixture.metadata(other, ENDPOINT, ""))
                .publishes(OPENID, IssuerFixture.metadata(other, ENDPOINT, ""));

        assertThat(looked(ISSUER).current()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"introspection_endpoint\":\"https://as.example.com/i\"}",
                "{\"issuer\":\"https://as.example.com/tenant\"}",
                "{\"issuer\":\"https://as.example.com/tenant\",\"introspection_endpoint\":7}",
                "{\"issuer\":\"https://as.example.com/tenant\",\"introspection_endpoint\":\"/introspect\"}",
                "{\"issuer\":\"https://as.example.com/tenant\",\"introspection_endpoint\":\"https://a b/\"}",
                "{\"issuer\":\"x\",\"issuer\":\"https://as.example.com/tenant\","
                        + "\"introspection_endpoint\":\"https://as.example.com/i\"}",
                "[]",
                "not JSON",
                "",
            })
    void refusesADocumentThatSaysNothingClear(String body) {
        server.publishes(OAUTH, EndpointFixture.json(body));

        assertThat(looked(ISSUER).current()).isNull();
    }

    @Test
    void refusesWhatIsNoAnswerOf200WithJson() {
        String body = "{\"issuer\":\"" + ISSUER + "\",\"introspection_endpoint\":\"" + ENDPOINT + "\"}";
        for (CallResult result : List.of(
                EndpointFixture.answer(201, body, "content-type", "application/json"),
                EndpointFixture.answer(302, body, "content-type", "application/json", "location", "https://b.test/"),
                EndpointFixture.answer(200, body, "content-type", "text/html"),
                EndpointFixture.answer(200, body),
                EndpointFixture.failed(CallResult.Cause.TOO_LARGE),
                EndpointFixture.failed(CallResult.Cause.RESPONSE_TIMEOUT))) {
            server.publishes(OAUTH, result);

            assertThat(looked(ISSUER).current()).as(result.toString()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "introspection_endpoint, http://as.example.com/introspect",
        "introspection_endpoint, https://user@as.example.com/introspect",
        "introspection_endpoint, https://as.example.com/introspect#a",
        "introspection_endpoint, https://127.0.0.1/introspect",
        "introspection_endpoint, https://169.254.169.254/latest",
        "introspection_endpoint, https://metadata.google.internal/introspect",
        "introspection_endpoint, https://[::1]/introspect",
        "introspection_endpoint, ftp://as.example.com/introspect",
        "introspection_endpoint, https://as.example.com:0/introspect",
        "token_endpoint, http://as.example.com/token",
        "token_endpoint, https://10.0.0.1/token",
        "jwks_uri, https://192.168.1.1/jwks",
    })
    void refusesADocumentThatLeadsElsewhere(String member, String url) {
        String endpoint = member.equals("introspection_endpoint") ? url : ENDPOINT;
        String more = member.equals("introspection_endpoint") ? "" : ",\"" + member + "\":\"" + url + '"';
        server.publishes(OAUTH, IssuerFixture.metadata(ISSUER, endpoint, more));

        assertThat(looked(ISSUER).current()).isNull();
    }

    @Test
    void refusesAnAliasThatLeadsElsewhere() {
        server.publishes(
                OAUTH,
                IssuerFixture.metadata(
                        ISSUER, ENDPOINT, ",\"mtls_endpoint_aliases\":{\"token_endpoint\":\"https://localhost/t\"}"));

        assertThat(looked(ISSUER).current()).isNull();
    }

    @Test
    void acceptsPrivateAddressesOfAPrivateIssuer() {
        String issuer = "http://127.0.0.1:8080";
        server.publishes(
                "/.well-known/oauth-authorization-server",
                IssuerFixture.metadata(issuer, "http://10.0.0.7/introspect", ""));

        assertThat(endpoint(looked(issuer))).isEqualTo("http://10.0.0.7/introspect");
    }

    @Test
    void looksByItselfAMomentAfterTheStart() {
        server.publishes(OAUTH, IssuerFixture.metadata(ISSUER, ENDPOINT, ""));
        Discovery discovery = discovery(ISSUER);
        assertThat(server.paths()).isEmpty();

        time.passes(Duration.ofSeconds(1));

        assertThat(endpoint(discovery)).isEqualTo(ENDPOINT);
    }

    @Test
    void asksNobodyAfterItIsClosed() {
        Discovery discovery = discovery(ISSUER);
        discovery.close();

        time.passes(Duration.ofHours(2));

        assertThat(server.paths()).isEmpty();
    }

    @Test
    void looksOnceForManyWhoAsk() {
        server.hold();
        Discovery discovery = discovery(ISSUER);
        List<CompletableFuture<?>> waiting = List.of(discovery.ready(), discovery.ready(), discovery.ready());
        time.passes(Duration.ofSeconds(2));
        assertThat(waiting).noneMatch(CompletableFuture::isDone);

        server.publishes(OAUTH, IssuerFixture.metadata(ISSUER, ENDPOINT, ""));
        server.letGo();

        assertThat(waiting).allMatch(CompletableFuture::isDone);
        assertThat(server.paths()).containsExactly(OAUTH);
    }

    @Test
    void waitsLongerAfterEachFailureAndRecovers() {
        Discovery discovery = looked(ISSUER);
        int[] pauses = {1, 2, 4, 8, 16, 30, 30};
        for (int i = 0; i < pauses.length; i++) {
            assertThat(discovery.retryAfterSeconds()).isEqualTo(pauses[i]);
            assertThat(server.paths()).hasSize(2 * (i + 1));
            assertThat(discovery.ready()).isCompleted(); // too early: no look
            time.passes(Duration.ofSeconds(pauses[i]));
        }

        server.publishes(OAUTH, IssuerFixture.metadata(ISSUER, ENDPOINT, ""));
        time.passes(Duration.ofSeconds(30));

        assertThat(endpoint(discovery)).isEqualTo(ENDPOINT);
    }

    @Test
    void looksAgainEachHourAndTakesWhatIsNew() {
        server.publishes(OAUTH, IssuerFixture.metadata(ISSUER, ENDPOINT, ""));
        Discovery discovery = looked(ISSUER);
        time.passes(Duration.ofMinutes(59));
        assertThat(server.paths()).hasSize(1);

        server.publishes(OAUTH, IssuerFixture.metadata(ISSUER, "https://as.example.com/v2", ""));
        time.passes(Duration.ofMinutes(1));

        assertThat(server.paths()).hasSize(2);
        assertThat(endpoint(discovery)).isEqualTo("https://as.example.com/v2");
    }

    @Test
    void keepsTheLastGoodCopyWhileTheIssuerFails() {
        server.publishes(OAUTH, IssuerFixture.metadata(ISSUER, ENDPOINT, ""));
        Discovery discovery = looked(ISSUER);
        server.publishes(OAUTH, IssuerFixture.metadata("https://evil.test", "https://evil.test/i", ""));

        time.passes(Duration.ofHours(1));
        time.passes(Duration.ofSeconds(1));

        assertThat(server.paths()).hasSize(5);
        assertThat(endpoint(discovery)).isEqualTo(ENDPOINT);
    }

    @Test
    void refusesToBreakWhenTheCallItselfThrows() {
        var key = Discovery.Key.of(new ServerUrl(URI.create(ISSUER)), TlsSettings.DEFAULT);
        Discovery discovery = new Discovery(
                key,
                call -> {
                    throw new IllegalStateException("broken caller");
                },
                time,
                time::after);

        assertThat(discovery.ready()).isCompleted();
        assertThat(discovery.current()).isNull();
    }
}
