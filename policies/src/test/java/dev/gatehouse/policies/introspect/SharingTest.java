package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.policies.introspect.client.IntrospectionPlan;
import dev.gatehouse.policies.introspect.server.AuthorizationServer;
import dev.gatehouse.policy.Policy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which policies trust each other's answers, and how operators make the gateway forget them. */
class SharingTest {
    private final ContextFixture context = new ContextFixture();

    private int callsOfBoth(String one, String other) {
        context.endpoint.token("t", "{\"active\":true,\"scope\":\"read\"}");
        Policy first = context.policy(one);
        Policy second = context.policy(other);
        ExchangeFixture.get("/").bearer("t").run(first);
        ExchangeFixture.get("/").bearer("t").run(second);
        return context.endpoint.count();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ttl: 30",
                "scopes: {required: [read]}",
                "claims: {audience: x}",
                "passThrough: true",
                "timeout: 500",
                "realm: other",
            })
    void asksOnceForEqualQuestions(String other) {
        assertThat(callsOfBoth("", other)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "endpoint: http://127.0.0.1:9/other",
                "endpoint: http://127.0.0.1:9/introspect?a",
                "endpoint: http://127.0.0.1:8/introspect",
                "endpoint: https://127.0.0.1:9/introspect",
                "authorization_value: other",
                "authorization_value: ''",
                "clientAuth: {method: client_secret_basic, clientId: a, clientSecret: b}",
                "clientAuth: {method: client_secret_post, clientId: a, clientSecret: b}",
                "request: {tokenTypeHint: none}",
            })
    void asksAgainForAnythingElse(String other) {
        assertThat(callsOfBoth("", other)).isEqualTo(2);
    }

    @Test
    void asksAgainWhenOnlyTlsDiffers() {
        String endpoint = "endpoint: https://127.0.0.1:9/introspect\n";

        assertThat(callsOfBoth(endpoint, endpoint + "tls: {insecureSkipVerify: true}"))
                .isEqualTo(2);
    }

    @Test
    void refusesElsewhereWhatOneServerAccepts() {
        Policy first = context.policy("");
        Policy second = context.policy("authorization_value: other");
        context.endpoint.token("t", "{\"active\":true}");
        ExchangeFixture.get("/").bearer("t").run(first);
        context.endpoint.token("t", "{\"active\":false}");

        assertThat(ExchangeFixture.get("/").bearer("t").run(second).reply()).isNotNull();
        assertThat(ExchangeFixture.get("/").bearer("t").run(first).hasRunOut()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ttl: 0|3|1",
                "ttl: 0\\ncache: {ttlZero: noCache}|3|3",
                "ttl: -1|3|3",
                "cache: {enabled: false}|3|3",
                "ttl: 60|3|1",
            })
    void remembersAsLongAsConfigured(String yaml, int requests, int calls) {
        context.endpoint.token("t", "{\"active\":true}");
        Policy policy = context.policy(yaml.replace("\\n", "\n"));

        for (int i = 0; i < requests; i++) {
            ExchangeFixture.get("/").bearer("t").run(policy);
            context.time.passes(Duration.ofSeconds(1));
        }

        assertThat(context.endpoint.count()).isEqualTo(calls);
    }

    @Test
    void ttlZeroStillEndsWithTheToken() {
        context.endpoint.token("t", "{\"active\":true,\"exp\":" + context.time.seconds(10) + "}");
        Policy policy = context.policy("ttl: 0");
        for (int i = 0; i < 3; i++) {
            ExchangeFixture.get("/").bearer("t").run(policy);
        }
        assertThat(context.endpoint.count()).isEqualTo(1);

        context.time.passes(Duration.ofSeconds(10));
        var exchange = ExchangeFixture.get("/").bearer("t").run(policy);

        assertThat(context.endpoint.count()).isEqualTo(2);
        assertThat(exchange.auth().reason()).isEqualTo("expired");
    }

    @Test
    void refusesACachedTokenWithoutTheScopeOfAnotherEndpoint() {
        context.endpoint.token("t", "{\"active\":true,\"scope\":\"s1\"}");
        Policy policy = context.policy("");

        assertThat(ExchangeFixture.get("/").scopes("s1").bearer("t").run(policy).hasRunOut())
                .isTrue();
        assertThat(ExchangeFixture.get("/")
                        .scopes("s2")
                        .bearer("t")
                        .run(policy)
                        .auth()
                        .reason())
                .isEqualTo("scope");
        assertThat(context.endpoint.count()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"all,write,scope", "all,read write,", "any,write,", "any,other,scope"})
    void needsAllOrAnyOfItsOwnScopes(String match, String held, @org.jspecify.annotations.Nullable String reason) {
        context.endpoint.token("t", "{\"active\":true,\"scope\":\"" + held + "\"}");
        Policy policy = context.policy("scopes: {required: [read, {scope: write}], match: " + match + "}");

        assertThat(ExchangeFixture.get("/").bearer("t").run(policy).auth().reason())
                .isEqualTo(reason);
    }

    @Test
    void looksForScopesWhereConfigured() {
        context.endpoint.token("t", "{\"active\":true,\"scope\":\"x\",\"permissions\":[\"read\"]}");
        Policy policy = context.policy("scopes: {claim: permissions}");

        assertThat(ExchangeFixture.get("/")
                        .scopes("read")
                        .bearer("t")
                        .run(policy)
                        .hasRunOut())
                .isTrue();
        assertThat(ExchangeFixture.get("/").scopes("x").bearer("t").run(policy).hasRunOut())
                .isFalse();
    }

    @Test
    void ignoresScopesOfTheEndpointWhenTold() {
        context.endpoint.token("t", "{\"active\":true}");
        Policy policy = context.policy("scopes: {fromApiEndpoint: false}");

        assertThat(ExchangeFixture.get("/")
                        .scopes("read")
                        .bearer("t")
                        .run(policy)
                        .hasRunOut())
                .isTrue();
    }

    @Test
    void listsServersAndForgetsOnDemand() {
        context.endpoint.token("t", "{\"active\":true,\"sub\":\"alice\",\"client_id\":\"app\"}");
        Policy first = context.policy("");
        Policy second = context.policy("authorization_value: other");
        IntrospectionServers servers = context.servers();
        Runnable ask = () -> {
            ExchangeFixture.get("/").bearer("t").run(first);
            ExchangeFixture.get("/").bearer("t").run(second);
        };

        ask.run();
        assertThat(servers.states())
                .extracting(AuthorizationServer.State::server)
                .containsExactly("127.0.0.1:9", "127.0.0.1:9#2");
        assertThat(servers.states())
                .allSatisfy(state -> assertThat(state.entries()).isEqualTo(1));
        assertThat(servers.purgeToken("t")).isEqualTo(2);
        ask.run();
        assertThat(servers.purgeClaim("sub", "alice", null)).isEqualTo(2);
        ask.run();
        assertThat(servers.purgeClaim("client_id", "app", null)).isEqualTo(2);
        ask.run();
        assertThat(servers.purgeServer("127.0.0.1:9#2")).isEqualTo(1);
        assertThat(servers.purgeServer("unknown")).isZero();
        assertThat(servers.purgeAll()).isEqualTo(1);
        ask.run();
        assertThat(context.endpoint.count()).isEqualTo(10);
        assertThat(servers.purgeToken("\u00e4 b")).isZero();
        assertThat(servers.purgeToken("")).isZero();
    }

    @Test
    void forgetsServersThatNobodyUses() {
        context.policy("");
        var plan = IntrospectionPlan.of(ConfigFixture.config(""), context, null);
        AuthorizationServer server = context.shared(AuthorizationServer.Key.of(plan.endpoints(), plan.limits()), () -> {
            throw new IllegalStateException("not shared");
        });

        server.close();

        assertThat(context.servers().states()).isEmpty();
    }
}
