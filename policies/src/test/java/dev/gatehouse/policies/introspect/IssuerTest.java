package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.policies.introspect.discovery.Discovery;
import dev.gatehouse.policies.introspect.discovery.IssuerFixture;
import dev.gatehouse.policies.introspect.discovery.ServerUrl;
import dev.gatehouse.policies.introspect.server.AuthorizationServer.EndpointState;
import dev.gatehouse.policies.introspect.server.AuthorizationServer.State;
import dev.gatehouse.policies.introspect.server.EndpointFixture;
import dev.gatehouse.policy.Policy;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A policy that knows no endpoint but the name of an issuer. */
class IssuerTest {
    private static final String ISSUER = "http://127.0.0.1:9/tenant";
    private static final String OAUTH = "/.well-known/oauth-authorization-server/tenant";
    private static final String YAML = "issuer: " + ISSUER;

    private final ContextFixture context = new ContextFixture();

    private void publish(String issuer, String endpoint) {
        context.endpoint.publishes(OAUTH, IssuerFixture.metadata(issuer, endpoint, ""));
    }

    private static ExchangeFixture get(String token) {
        return ExchangeFixture.get("/").bearer(token);
    }

    @Test
    void asksWhereTheMetadataSay() {
        publish(ISSUER, "http://10.0.0.7:81/oauth/introspect?a=b");
        context.endpoint.token("t", "{\"active\":true}");
        Policy policy = context.policy(YAML);

        assertThat(get("t").run(policy).hasRunOut()).isTrue();

        var call = context.endpoint.call(1);
        assertThat(call.target().authority()).isEqualTo("10.0.0.7:81");
        assertThat(call.requestTarget()).isEqualTo("/oauth/introspect?a=b");
        assertThat(call.headers().get("authorization")).startsWith("Basic ");
        assertThat(context.endpoint.call(0).headers().contains("authorization")).isFalse();
    }

    @Test
    void asksForTheMetadataOnce() {
        publish(ISSUER, "http://127.0.0.1:9/introspect");
        Policy policy = context.policy(YAML);
        Policy other = context.policy(YAML + "\nttl: 5");

        for (int i = 0; i < 5; i++) {
            get("t" + i).run(policy);
            get("u" + i).run(other);
        }

        assertThat(context.endpoint.count()).isEqualTo(11);
    }

    @Test
    void refusesWith503UntilTheMetadataAreThere() {
        Policy policy = context.policy(YAML);
        context.endpoint.token("t", "{\"active\":true}");

        ExchangeFixture early = get("t").run(policy);
        assertThat(early.reply()).isNotNull();
        assertThat(early.auth().reason()).isEqualTo("server_unavailable");
        assertThat(context.endpoint.count("127.0.0.1")).isZero();

        publish(ISSUER, "http://127.0.0.1:9/introspect");
        context.time.passes(Duration.ofSeconds(1));

        assertThat(get("t").run(policy).hasRunOut()).isTrue();
    }

    @Test
    void tellsWhenToComeAgain() {
        Policy policy = context.policy(YAML);

        var reply = get("t").run(policy).reply();

        assertThat(reply).isNotNull();
        assertThat(java.util.Objects.requireNonNull(reply).headers().get("retry-after"))
                .isEqualTo("1");
    }

    @Test
    void refusesTheMetadataOfAnotherIssuer() {
        publish(ISSUER + "/", "http://127.0.0.1:9/introspect");
        context.endpoint.token("t", "{\"active\":true}");

        assertThat(get("t").run(context.policy(YAML)).auth().reason()).isEqualTo("server_unavailable");
        assertThat(context.endpoint.count("127.0.0.1")).isZero();
    }

    @Test
    void waitsForALookThatIsUnderWay() {
        context.endpoint.hold();
        context.endpoint.token("t", "{\"active\":true}");
        publish(ISSUER, "http://127.0.0.1:9/introspect");
        Policy policy = context.policy(YAML);

        ExchangeFixture waiting = get("t").run(policy);
        assertThat(waiting.reply()).isNull();
        assertThat(waiting.hasRunOut()).isFalse();
        context.endpoint.letGo();

        assertThat(context.endpoint.asked("127.0.0.1")).containsExactly("t");
        assertThat(get("t").run(policy).hasRunOut()).isTrue();
    }

    @Test
    void tellsItsStateToOperators() {
        context.policy(YAML);
        State before = context.servers().states().get(0);
        assertThat(before.issuer()).isEqualTo(ISSUER);
        assertThat(before.endpoints()).extracting(EndpointState::url).containsOnlyNulls();
        assertThat(context.guards).containsExactly("introspect issuer " + ISSUER + " 70.0");
        assertThat(context.gauge("gateway.introspection.breaker.state", "endpoint", "127.0.0.1:9"))
                .isZero();

        publish(ISSUER, "http://127.0.0.1:9/i?key=s3cret");
        get("t").run(context.policy(YAML));

        assertThat(context.servers().states().get(0).endpoints())
                .extracting(EndpointState::url)
                .containsExactly("http://127.0.0.1:9/i");
    }

    @Test
    void sharesNothingWithAPolicyThatNamesTheEndpoint() {
        publish(ISSUER, ISSUER);
        context.endpoint.token("t", "{\"active\":true}");

        get("t").run(context.policy(YAML));
        get("t").run(context.policy("endpoint: " + ISSUER));

        assertThat(context.endpoint.count("127.0.0.1")).isEqualTo(2);
    }

    @Test
    void makesItsMetadataKnownToOthers() {
        publish(ISSUER, "http://127.0.0.1:9/introspect");
        get("t").run(context.policy(YAML));
        Discovery.Key key = Discovery.Key.of(new ServerUrl(URI.create(ISSUER)), null);

        Discovery discovery = context.shared(key, () -> {
            throw new IllegalStateException("not shared");
        });

        assertThat(discovery.current()).isNotNull();
    }

    @Test
    void keepsKnownTokensGoodWhileTheServerIsGone() {
        publish(ISSUER, "http://127.0.0.1:9/introspect");
        context.endpoint.token("t", "{\"active\":true}");
        Policy policy = context.policy(YAML);
        get("t").run(policy);
        context.endpoint.always(EndpointFixture.failed(CallResult.Cause.REFUSED));

        context.time.passes(Duration.ofSeconds(30));

        assertThat(get("t").run(policy).hasRunOut()).isTrue();
    }
}
