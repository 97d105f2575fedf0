package dev.gatehouse.policies.introspect.server;

import static dev.gatehouse.policies.introspect.server.EndpointFixture.answer;
import static dev.gatehouse.policies.introspect.server.EndpointFixture.json;
import static dev.gatehouse.policies.introspect.server.ServerFixture.introspect;
import static dev.gatehouse.policies.introspect.server.ServerFixture.reuse;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.ForwardProxy;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.Target;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.client.Way;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.policies.introspect.answer.Introspection;
import dev.gatehouse.policies.introspect.answer.Introspection.Active;
import dev.gatehouse.policies.introspect.answer.Introspection.Unavailable;
import dev.gatehouse.policies.introspect.cache.Reuse;
import dev.gatehouse.policies.introspect.credentials.ClientAuthentication;
import dev.gatehouse.policies.introspect.credentials.Credentials;
import dev.gatehouse.policies.introspect.credentials.FixedCredentials;
import dev.gatehouse.policies.introspect.credentials.KeyFixture;
import dev.gatehouse.policies.introspect.credentials.OwnToken;
import dev.gatehouse.policies.introspect.credentials.SignedAssertion;
import dev.gatehouse.policies.introspect.credentials.SigningKey;
import dev.gatehouse.policies.introspect.credentials.TokenEndpoint;
import dev.gatehouse.policies.introspect.report.Cause;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How credentials and calls go together. */
class ClientAuthenticationTest {
    private static final Reuse MINUTE = reuse(60, 5);
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final CallResult REFUSED = answer(401, "");
    private static final CallResult ACTIVE = json("{\"active\":true}");

    private final ServerFixture fixture = new ServerFixture();

    private static CallResult granted(String token) {
        return json("{\"access_token\":\"" + token + "\",\"token_type\":\"Bearer\",\"expires_in\":600}");
    }

    private Introspection ask(AuthorizationServer server, String token) {
        return introspect(server, token, MINUTE).join();
    }

    @Nested
    class AnOwnToken {
        private AuthorizationServer open() {
            TokenEndpoint where = new TokenEndpoint(
                    new Target("as.example.com", 443, null), "/token", "gateway", new Secret("s"), null, LONG, LONG);
            return fixture.open(new OwnToken(where, fixture.endpoint, fixture.time), MINUTE);
        }

        private List<String> authorizations() {
            return java.util.stream.IntStream.range(0, fixture.endpoint.count())
                    .mapToObj(fixture.endpoint::call)
                    .filter(call -> call.requestTarget().equals("/introspect"))
                    .map(call -> call.headers().get("authorization"))
                    .toList();
        }

        @Test
        void isFetchedOnceForManyCalls() {
            fixture.endpoint.token("", granted("own-1")).token("a", ACTIVE).token("b", ACTIVE);
            AuthorizationServer server = open();

            assertThat(ask(server, "a")).isInstanceOf(Active.class);
            assertThat(ask(server, "b")).isInstanceOf(Active.class);

            assertThat(fixture.endpoint.count()).isEqualTo(3);
            assertThat(authorizations()).containsExactly("Bearer own-1", "Bearer own-1");
        }

        @ParameterizedTest
        @ValueSource(ints = {401, 403})
        void isFetchedExactlyOnceMoreWhenItIsRefused(int status) {
            fixture.endpoint
                    .token("", granted("own-1"), granted("own-2"), granted("own-3"))
                    .token("a", answer(status, ""), ACTIVE);
            AuthorizationServer server = open();

            assertThat(ask(server, "a")).isInstanceOf(Active.class);

            assertThat(authorizations()).containsExactly("Bearer own-1", "Bearer own-2");
            assertThat(fixture.endpoint.count()).isEqualTo(4);
        }

        @Test
        void refusesWhenAFreshOneIsRefusedToo() {
            fixture.endpoint.token("", granted("own-1"), granted("own-2"), granted("own-3"));
            fixture.endpoint.token("a", REFUSED).token("b", REFUSED);
            AuthorizationServer server = open();

            assertThat(ask(server, "a")).isEqualTo(new Unavailable(Cause.CREDENTIALS, 1));
            assertThat(ask(server, "b")).isEqualTo(new Unavailable(Cause.CREDENTIALS, 1));

            assertThat(authorizations()).containsExactly("Bearer own-1", "Bearer own-2", "Bearer own-2");
        }

        @Test
        void refusesWhenThereIsNone() {
            fixture.endpoint.token("", answer(500, "")).token("a", ACTIVE);

            assertThat(ask(open(), "a")).isEqualTo(new Unavailable(Cause.STATUS, 1));

            assertThat(authorizations()).isEmpty();
        }

        @Test
        void refusesWhenItComesTooLate() {
            fixture.endpoint.token("", granted("own-1")).token("a", ACTIVE).hold();
            AuthorizationServer server = open();
            var answer = introspect(server, "a", MINUTE);

            fixture.time.passes(LONG);
            fixture.endpoint.letGo();

            assertThat(answer.join()).isEqualTo(new Unavailable(Cause.RESPONSE_TIMEOUT, 1));
            assertThat(authorizations()).isEmpty();
        }
    }

    @Nested
    class AnAssertion {
        @TempDir
        private Path folder;

        private AuthorizationServer open() {
            Path file = new KeyFixture(folder).pem(KeyFixture.ec("secp256r1").getPrivate());
            SigningKey key = SigningKey.read(file, new SigningKey.Wanted(null, null, null));
            return fixture.open(
                    new SignedAssertion("gateway", "https://as.example.com", key, Runnable::run, fixture.time), MINUTE);
        }

        private String id(int call) throws Exception {
            String assertion =
                    fixture.endpoint.parameter(call, "client_assertion").get(0);
            return SignedJWT.parse(assertion).getJWTClaimsSet().getJWTID();
        }

        @Test
        void isAnotherOneInEachCall() throws Exception {
            AuthorizationServer server = open();
            ask(server, "a");
            ask(server, "b");

            assertThat(fixture.endpoint.call(0).headers().contains("authorization"))
                    .isFalse();
            assertThat(fixture.endpoint.parameter(0, "token")).containsExactly("a");
            assertThat(id(0)).isNotEqualTo(id(1));
        }

        @Test
        void isTriedOnceMoreWhenItIsRefused() throws Exception {
            fixture.endpoint.token("a", REFUSED, ACTIVE);

            assertThat(ask(open(), "a")).isInstanceOf(Active.class);

            assertThat(fixture.endpoint.count()).isEqualTo(2);
            assertThat(id(0)).isNotEqualTo(id(1));
        }

        @Test
        void refusesWhenTheSecondOneIsRefusedToo() {
            fixture.endpoint.token("a", REFUSED);

            assertThat(ask(open(), "a")).isEqualTo(new Unavailable(Cause.CREDENTIALS, 1));
            assertThat(fixture.endpoint.count()).isEqualTo(2);
        }
    }

    @Test
    void doesNotRepeatWithASecretThatWasRefused() {
        fixture.endpoint.token("a", REFUSED);

        assertThat(ask(fixture.open(FixedCredentials.basic("id", new Secret("s")), MINUTE), "a"))
                .isEqualTo(new Unavailable(Cause.CREDENTIALS, 1));
        assertThat(fixture.endpoint.count()).isEqualTo(1);
    }

    @Test
    void sendsAStaticToken() {
        ask(fixture.open(FixedCredentials.bearer(new Secret("own")), MINUTE), "a");

        assertThat(fixture.endpoint.call(0).headers().get("authorization")).isEqualTo("Bearer own");
    }

    @Test
    void sendsOnlyTheClientIdBesideACertificate() {
        ask(fixture.open(FixedCredentials.certificate("tls_client_auth", "gate&way"), MINUTE), "a");

        assertThat(fixture.endpoint.call(0).headers().contains("authorization")).isFalse();
        assertThat(fixture.endpoint.body(0)).isEqualTo("token=a&token_type_hint=access_token&client_id=gate%26way");
    }

    @Test
    void sendsWhatIsAdded() {
        Map<String, Secret> params = new LinkedHashMap<>();
        params.put("b", new Secret("1&x=2"));
        params.put("a", new Secret("2"));
        IntrospectionRequest request = request(
                FixedCredentials.post("id", new Secret("s")),
                new RequestAdditions("access_token", params, Map.of("X-Api-Key", new Secret("k")), LONG));

        HttpCall call = request.call("t&", credentials(request), ServerFixture.BOUNDS, LONG);

        assertThat(new String(call.body(), java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("access_token=t%26&b=1%26x%3D2&a=2&client_id=id&client_secret=s");
        assertThat(call.headers().get("X-Api-Key")).isEqualTo("k");
        assertThat(call.connectionIdle()).isEqualTo(LONG);
    }

    @Test
    void isAnotherIdentityWithEveryDifference() {
        ClientAuthentication none = FixedCredentials.none();
        Secret one = new Secret("1");
        List<IntrospectionRequest> different = List.of(
                request(none, RequestAdditions.NONE),
                request(FixedCredentials.bearer(one), RequestAdditions.NONE),
                request(FixedCredentials.basic("id", one), RequestAdditions.NONE),
                request(FixedCredentials.basic("id", new Secret("2")), RequestAdditions.NONE),
                request(FixedCredentials.post("id", one), RequestAdditions.NONE),
                request(FixedCredentials.certificate("tls_client_auth", "id"), RequestAdditions.NONE),
                request(FixedCredentials.certificate("self_signed_tls_client_auth", "id"), RequestAdditions.NONE),
                request(none, new RequestAdditions("other", Map.of(), Map.of(), null)),
                request(none, new RequestAdditions("token", Map.of("a", one), Map.of(), null)),
                request(none, new RequestAdditions("token", Map.of(), Map.of("a", one), null)),
                request(none, new RequestAdditions("token", Map.of("a", new Secret("2")), Map.of(), null)),
                at(null, Way.over(new ForwardProxy("proxy", 3128, null, null), null)),
                at(null, Way.over(new ForwardProxy("proxy", 3128, null, "Basic x"), null)),
                at(TlsSettings.DEFAULT, Way.DIRECT),
                at(new TlsSettings(true, List.of(), null, null, null, null, TlsSettings.Version.TLS_1_3), Way.DIRECT));

        Set<String> identities = new HashSet<>();
        different.forEach(request -> identities.add(java.util.HexFormat.of().formatHex(request.identity())));

        assertThat(identities).hasSameSizeAs(different);
        assertThat(request(none, new RequestAdditions("token", Map.of(), Map.of(), LONG))
                        .identity())
                .isEqualTo(request(none, RequestAdditions.NONE).identity());
    }

    private static IntrospectionRequest at(@Nullable TlsSettings tls, Way way) {
        return new IntrospectionRequest(
                new Target("as.example.com", 443, tls, way), "/introspect", FixedCredentials.none(), null);
    }

    private static IntrospectionRequest request(ClientAuthentication authentication, RequestAdditions additions) {
        return new IntrospectionRequest(
                new Target("as.example.com", 443, null), "/introspect", authentication, null, additions, null);
    }

    private static Credentials credentials(IntrospectionRequest request) {
        return (Credentials)
                request.authentication().present(LONG).toCompletableFuture().join();
    }
}
