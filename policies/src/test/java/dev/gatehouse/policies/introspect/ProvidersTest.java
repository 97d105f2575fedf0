package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.policies.introspect.provider.ProviderContext;
import dev.gatehouse.policies.introspect.server.AuthorizationServer.State;
import dev.gatehouse.policies.introspect.server.EndpointFixture;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyContext;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several authorization servers behind one policy. */
class ProvidersTest {
    private static final String TWO = """
            providers:
              - name: a
                match: {tokenPrefix: a_}
                endpoint: http://10.0.0.1/introspect
                authorization_value: Basic YQ==
              - name: b
                match: {tokenPrefix: b_}
                endpoint: http://10.0.0.2/introspect
                authorization_value: Basic Yg==
            """;
    private static final String ACTIVE = "{\"active\":true}";

    private final ContextFixture context = new ContextFixture();

    private static String jwt(String payload) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString("{}".getBytes(StandardCharsets.UTF_8)) + '.'
                + encoder.encodeToString(payload.getBytes(StandardCharsets.UTF_8)) + ".c2ln";
    }

    private static String providers(String first, String second) {
        return """
                providers:
                  - {FIRST, endpoint: 'http://10.0.0.1/i', authorization_value: a}
                  - {SECOND, endpoint: 'http://10.0.0.2/i', authorization_value: b}
                """.replace("FIRST", first).replace("SECOND", second);
    }

    private List<String> a() {
        return context.endpoint.asked("10.0.0.1");
    }

    private List<String> b() {
        return context.endpoint.asked("10.0.0.2");
    }

    private List<Problem> errors() {
        return context.problems.all().stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .toList();
    }

    @Test
    void neverShowTheTokenOfOneToAnother() {
        Policy policy = context.policy(TWO);
        context.endpoint.token("b_1", ACTIVE);

        assertThat(ExchangeFixture.get("/").bearer("b_1").run(policy).hasRunOut())
                .isTrue();
        ExchangeFixture.get("/").bearer("b_2").run(policy);
        ExchangeFixture.get("/").bearer("a_1").run(policy);

        assertThat(a()).containsExactly("a_1");
        assertThat(b()).containsExactly("b_1", "b_2");
        assertThat(context.endpoint.call(0).headers().get("authorization")).isEqualTo("Basic Yg==");
    }

    @Test
    void refuseATokenThatFitsNone() {
        Policy policy = context.policy(TWO);

        var exchange = ExchangeFixture.get("/").bearer("c_1").run(policy);

        var reply = Objects.requireNonNull(exchange.reply());
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.headers().get("www-authenticate")).contains("error=\"invalid_token\"");
        assertThat(context.endpoint.count()).isZero();
    }

    @Test
    void refuseWithoutAskingTheNextWhenTheFirstFails() {
        Policy policy = context.policy(providers("match: {tokenPrefix: a}, tryNext: true", "name: rest"));
        context.endpoint.host("10.0.0.1", EndpointFixture.failed(CallResult.Cause.RESPONSE_TIMEOUT));

        assertThat(ExchangeFixture.get("/").bearer("a1").run(policy).auth().reason())
                .isEqualTo("server_timeout");
        assertThat(b()).isEmpty();
    }

    @Test
    void askTheNextOnlyWhenTold() {
        Policy silent = context.policy(providers("match: {tokenPrefix: t}", "name: rest"));
        Policy open = context.policy(providers("name: x, match: {tokenPrefix: t}, tryNext: true", "name: y"));
        context.endpoint.host("10.0.0.2", EndpointFixture.json(ACTIVE));

        assertThat(ExchangeFixture.get("/").bearer("t1").run(silent).auth().reason())
                .isEqualTo("inactive");
        assertThat(b()).isEmpty();
        assertThat(ExchangeFixture.get("/").bearer("t1").run(open).hasRunOut()).isTrue();
        assertThat(b()).containsExactly("t1");
    }

    @Test
    void refuseWhatNobodyKnows() {
        Policy policy = context.policy(providers("match: {tokenPrefix: t}, tryNext: true", "name: rest"));

        assertThat(ExchangeFixture.get("/").bearer("t1").run(policy).auth().reason())
                .isEqualTo("inactive");
        assertThat(a()).hasSize(1);
        assertThat(b()).hasSize(1);
    }

    @Test
    void areChosenByTheIssuerOfAJwt() {
        Policy policy = context.policy(
                providers("match: {jwtIssuer: 'https://a.test'}", "match: {jwtIssuer: 'https://b.test'}"));
        String ofA = jwt("{\"iss\":\"https://a.test\"}");
        String ofB = jwt("{\"iss\":\"https://b.test\",\"x\":1}");

        ExchangeFixture.get("/").bearer(ofB).run(policy);
        ExchangeFixture.get("/").bearer(ofA).run(policy);

        assertThat(a()).containsExactly(ofA);
        assertThat(b()).containsExactly(ofB);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "opaque",
                "a.b",
                "a.b.c",
                "e30.e30.c2ln",
                "e30.eyJpc3MiOjF9.c2ln",
                "e30.eyJpc3MiOiJodHRwczovL2EudGVzdC8ifQ.c2ln",
                "e30.eyJpc3MiOiJodHRwczovL2EudGVzdCIsImlzcyI6Imh0dHBzOi8vYS50ZXN0In0.c2ln",
                "e30.eyJpc3MiOiJodHRwczovL2EudGVzdCJ9.c2ln.x.y",
                "e30.eyJpc3MiOiJodHRwczovL2EudGVzdCJ9",
            })
    void refuseAJwtOfNoKnownIssuer(String token) {
        Policy policy = context.policy(
                providers("match: {jwtIssuer: 'https://a.test'}", "match: {jwtIssuer: 'https://b.test'}"));

        assertThat(ExchangeFixture.get("/").bearer(token).run(policy).auth().reason())
                .isEqualTo("issuer");
        assertThat(context.endpoint.count()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "/orders,        1",
        "/orders/1,      1",
        "/orders?x=/b,   1",
        "/orders2,       2",
        "/other/orders,  2",
        "/,              2",
    })
    void areChosenByThePath(String target, int server) {
        Policy policy = context.policy(providers("match: {pathPrefix: /orders}", "name: rest"));

        ExchangeFixture.get(target).bearer("t").run(policy);

        assertThat(server == 1 ? a() : b()).hasSize(1);
        assertThat(context.endpoint.count()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "a.test,       1",
        "A.test.,      1",
        "a.test:8443,  1",
        "b.a.test,     2",
        "a.test.b,     2",
    })
    void areChosenByTheHost(String host, int server) {
        Policy policy = context.policy(providers("match: {host: a.TEST}", "name: rest"));

        ExchangeFixture.get("/").host(host).bearer("t").run(policy);

        assertThat(server == 1 ? a() : b()).hasSize(1);
        assertThat(context.endpoint.count()).isEqualTo(1);
    }

    @Test
    void mustFitInEverythingThatIsGiven() {
        Policy policy = context.policy(providers("match: {tokenPrefix: t, pathPrefix: /a}", "name: rest"));

        ExchangeFixture.get("/a").bearer("t1").run(policy);
        ExchangeFixture.get("/b").bearer("t2").run(policy);
        ExchangeFixture.get("/a").bearer("u1").run(policy);

        assertThat(a()).containsExactly("t1");
        assertThat(b()).containsExactly("t2", "u1");
    }

    @Test
    void haveChecksOfTheirOwn() {
        Policy policy = context.policy(
                providers("match: {tokenPrefix: a}, claims: {audience: api}", "match: {tokenPrefix: b}"));
        context.endpoint.token("a1", ACTIVE).token("b1", ACTIVE);

        assertThat(ExchangeFixture.get("/").bearer("a1").run(policy).auth().reason())
                .isEqualTo("audience");
        assertThat(ExchangeFixture.get("/").bearer("b1").run(policy).hasRunOut())
                .isTrue();
    }

    @Test
    void shareWhatThePolicyDemands() {
        Policy policy = context.policy("scopes: {required: [read]}\n" + TWO);
        context.endpoint.token("a_1", ACTIVE).token("b_1", "{\"active\":true,\"scope\":\"read\"}");

        assertThat(ExchangeFixture.get("/").bearer("a_1").run(policy).auth().reason())
                .isEqualTo("scope");
        assertThat(ExchangeFixture.get("/").bearer("b_1").run(policy).hasRunOut())
                .isTrue();
    }

    @Test
    void keepTheirAnswersApart() {
        String same = """
                providers:
                  - {name: a, match: {pathPrefix: /a}, endpoint: 'http://10.0.0.1/i', authorization_value: x}
                  - {name: b, endpoint: 'http://10.0.0.1/i', authorization_value: x}
                """;
        Policy policy = context.policy(same);
        context.endpoint.token("t", ACTIVE);

        ExchangeFixture.get("/a").bearer("t").run(policy);
        ExchangeFixture.get("/b").bearer("t").run(policy);
        ExchangeFixture.get("/b").bearer("t").run(context.policy(same));

        assertThat(a()).hasSize(2);
        assertThat(context.servers().states()).extracting(State::server).containsExactly("10.0.0.1", "10.0.0.1#2");
    }

    @Test
    void tellTheLongestRevocationDelay() {
        context.policy(providers("match: {tokenPrefix: a}, ttl: 20, timeout: 1000", "ttl: 30, timeout: 1000"));

        assertThat(context.gauge("gateway.introspection.revocation.delay", "pipeline", "main"))
                .isEqualTo(31);
        assertThat(context.guards)
                .containsExactly("introspect '1' http://10.0.0.1/i 21.0", "introspect '2' http://10.0.0.2/i 31.0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "match: {tokenPrefix: a}|match: {tokenPrefix: a}|E0426|providers[1].match",
                "match: {}|match: {tokenPrefix: a}|E0426|providers[0].match",
                "name: x|match: {tokenPrefix: a}|E0426|providers[0].match",
                "match: {pathPrefix: /}|match: {tokenPrefix: a}|E0426|providers[0].match",
                "name: x, match: {tokenPrefix: a}|name: x|E0426|providers[1].name",
                "match: {tokenPrefix: a}, realm: x|name: x|E0427|providers[0].realm",
                "match: {tokenPrefix: a}, scopes: {required: [x]}|name: x|E0427|providers[0].scopes",
                "match: {tokenPrefix: a}, providers: []|name: x|E0427|providers[0].providers",
                "match: {tokenPrefix: ''}|name: x|E0203|providers[0].match.tokenPrefix",
                "match: {jwtIssuer: ''}|name: x|E0203|providers[0].match.jwtIssuer",
                "match: {host: 'a.test:1'}|name: x|E0203|providers[0].match.host",
                "match: {host: ''}|name: x|E0203|providers[0].match.host",
                "match: {pathPrefix: a}|name: x|E0203|providers[0].match.pathPrefix",
                "match: {tokenPrefix: [a]}|name: x|E0202|providers[0].match.tokenPrefix",
                "match: {tokenPrefx: a}|name: x|E0204|providers[0].match.tokenPrefx",
                "match: x|name: x|E0202|providers[0].match",
                "macth: {tokenPrefix: a}|name: x|E0204|providers[0].macth",
                "name: ''|name: x|E0203|providers[0].name",
                "match: {tokenPrefix: a}, tryNext: perhaps|name: x|E0203|providers[0].tryNext",
                "match: {tokenPrefix: a}, tryNxt: true|name: x|E0204|providers[0].tryNxt",
                "match: {tokenPrefix: a}, ttl: soon|name: x|E0203|providers[0].ttl",
                "match: {tokenPrefix: a}, timeot: 5|name: x|E0204|providers[0].timeot",
                "match: {tokenPrefix: a}, issuer: 'http://10.0.0.1'|name: x|E0421|providers[0].issuer",
                "match: {tokenPrefix: a}, jwt: localFirst|name: x|E0422|providers[0].jwt",
                "match: {tokenPrefix: a}, cache: {enabled: false, staleIfError: 9}|name: x|E0421"
                        + "|providers[0].cache.staleIfError",
            })
    void refuseBlocksThatCannotWork(String first, String second, String code, String path) {
        try {
            context.policy(providers(first, second));
        } catch (ConfigProblem reported) {
            assertThat(context.problems.hasErrors()).isTrue();
        }

        assertThat(errors()).first().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(code);
            assertThat(problem.path()).endsWith(".action." + path);
            assertThat(Objects.requireNonNull(problem.span()).line())
                    .isEqualTo(path.startsWith("providers[0]") ? 2 : 3);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ttl: 5",
                "claims: {audience: x}",
                "cache: {enabled: false}",
                "timeout: 100",
                "strategy: failover",
                "authorization_value: x",
                "resilience: {maxConcurrent: 1}",
            })
    void refuseOptionsOfAServerBesideThem(String option) {
        assertThatThrownBy(() -> context.policy(option + '\n' + TWO)).isInstanceOf(ConfigProblem.class);

        Problem problem = context.problems.all().get(context.problems.all().size() - 1);
        assertThat(problem.code()).isIn("E0427", "E0421");
        assertThat(Objects.requireNonNull(problem.span()).line()).isEqualTo(1);
        assertThat(problem.path()).endsWith(".action." + option.substring(0, option.indexOf(':')));
    }

    @Test
    void refuseABlockWithoutAServer() {
        assertThatThrownBy(() -> context.policy("providers: [{ttl: 1}]")).isInstanceOf(ConfigProblem.class);

        Problem problem = errors().get(0);
        assertThat(problem.code()).isEqualTo("E0201");
        assertThat(problem.path()).endsWith(".action.providers[0].endpoint");
        assertThat(problem.message()).contains("pipeline 'main'", "oauth2-introspect", "'endpoint'");
    }

    @Test
    void warnWhenTokensGoToAnotherServer() {
        context.policy(providers("match: {tokenPrefix: t}, tryNext: true", "name: rest"));

        assertThat(context.codes()).containsOnlyOnce("W0429");
    }

    @Test
    void warnAboutEachServerAndOnceAboutThePolicy() {
        context.policy(TWO);

        assertThat(context.codes())
                .containsOnlyOnce("W0424")
                .filteredOn("W0421"::equals)
                .hasSize(2);
        assertThat(context.codes()).filteredOn("W0425"::equals).hasSize(2);
    }

    @Test
    void allowTheSameMatchAfterTryNext() {
        context.policy(providers("name: x, tryNext: true", "name: y"));

        assertThat(context.problems.hasErrors()).isFalse();
    }

    @Test
    void giveTheirBlocksEverythingThatThePolicyGets() {
        List<String> passedOn = Arrays.stream(ProviderContext.class.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .map(Method::getName)
                .toList();

        assertThat(Arrays.stream(PolicyContext.class.getDeclaredMethods()).map(Method::getName))
                .isSubsetOf(passedOn);
    }

    @Test
    void keepSecretsOutOfTheirText() {
        var config = ConfigFixture.config(TWO.replace("Basic YQ==", "marker-1"));

        assertThat(config.toString()).doesNotContain("marker-1");
    }
}
