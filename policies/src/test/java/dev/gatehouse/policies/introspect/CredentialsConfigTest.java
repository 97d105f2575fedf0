package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.TlsSettings;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.policies.introspect.client.IntrospectionPlan;
import dev.gatehouse.policies.introspect.credentials.KeyFixture;
import dev.gatehouse.policies.introspect.server.EndpointFixture;
import dev.gatehouse.policies.introspect.server.IntrospectionRequest;
import dev.gatehouse.policy.ConfigProblem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the options of the request and of the client authentication mean. */
class CredentialsConfigTest {
    private static final String HTTPS = "endpoint: https://as.example.com/introspect?x=1\n";
    private static final String KEY_METHOD = "clientAuth: {method: private_key_jwt, clientId: gateway, key: KEY%s}";

    @TempDir
    private Path folder;

    private final ContextFixture context = new ContextFixture();

    private List<IntrospectionRequest> requests(String yaml) {
        return IntrospectionPlan.of(ConfigFixture.config(yaml), context, null)
                .endpoints()
                .requests();
    }

    private IntrospectionRequest request(String yaml) {
        return requests(yaml).get(0);
    }

    private Problem refusal(String yaml) {
        assertThatThrownBy(() -> context.policy(yaml)).isInstanceOf(ConfigProblem.class);
        return context.problems.all().stream()
                .filter(problem -> problem.code().startsWith("E"))
                .findFirst()
                .orElseThrow();
    }

    private String key() {
        return new KeyFixture(folder)
                .pem(KeyFixture.ec("secp256r1").getPrivate())
                .toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "method: client_secret_basic, clientId: a, clientSecret: b",
                "method: client_secret_post, clientId: a, clientSecret: b",
                "method: bearer, token: a",
                "method: bearer, tokenEndpoint: 'https://as.example.com/t', clientId: a, clientSecret: b",
                "method: bearer, tokenEndpoint: 'https://as.example.com/t', clientId: a, clientSecret: b, scope: c",
                "method: private_key_jwt, clientId: a, key: k",
                "method: private_key_jwt, clientId: a, key: k, passphrase: p, kid: b, alg: ES256, audience: c",
                "method: tls_client_auth, clientId: a, certificate: c, key: k",
                "method: tls_client_auth, clientId: a, certificate: c, passphrase: p",
                "method: self_signed_tls_client_auth, clientId: a, certificate: c, key: k",
            })
    void acceptsWhatAMethodNeeds(String options) {
        assertThat(ConfigFixture.config("clientAuth: {" + options + "}").clientAuth())
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "method: none|method",
                "method: client_secret_jwt, clientId: a, clientSecret: b|method",
                "method: client_secret_basic, clientId: a|clientSecret",
                "method: client_secret_basic, clientSecret: b|clientId",
                "method: client_secret_basic, clientId: '', clientSecret: b|clientId",
                "method: client_secret_basic, clientId: a, clientSecret: ''|clientSecret",
                "method: client_secret_basic, clientId: a, clientSecret: '${NOT_SET}'|clientSecret",
                "method: client_secret_basic, clientId: a, clientSecret: {file: /none/at/all}|clientSecret.file",
                "method: client_secret_post, clientId: a, clientSecret: b, token: c|token",
                "method: client_secret_post, clientId: a, clientSecret: b, key: c|key",
                "method: bearer|tokenEndpoint",
                "method: bearer, token: ''|token",
                "method: bearer, token: 'a b'|token",
                "method: bearer, token: a, tokenEndpoint: 'https://as/t'|token",
                "method: bearer, token: a, clientId: b|clientId",
                "method: bearer, tokenEndpoint: 'https://as/t'|clientId",
                "method: bearer, tokenEndpoint: 'https://as/t', clientId: a|clientSecret",
                "method: bearer, tokenEndpoint: 'ftp://as/t', clientId: a, clientSecret: b|tokenEndpoint",
                "method: bearer, tokenEndpoint: 'https://u:p@as/t', clientId: a, clientSecret: b|tokenEndpoint",
                "method: private_key_jwt, clientId: a|key",
                "method: private_key_jwt, key: k|clientId",
                "method: private_key_jwt, clientId: a, key: k, clientSecret: s|clientSecret",
                "method: private_key_jwt, clientId: a, key: k, alg: ''|alg",
                "method: private_key_jwt, clientId: a, key: k, certificate: c|certificate",
                "method: tls_client_auth, clientId: a|certificate",
                "method: tls_client_auth, certificate: c|clientId",
                "method: tls_client_auth, clientId: a, certificate: c, audience: x|audience",
                "method: self_signed_tls_client_auth, clientId: a, certificate: c, kid: x|kid",
            })
    void refusesWhatDoesNotBelongToAMethodAndSaysWhere(String options, String key) {
        Problems problems = new Problems();

        var config = ConfigFixture.bind(ConfigFixture.node("clientAuth: {" + options + "}"), problems);

        assertThat(config).isNull();
        Problem problem = problems.all().get(0);
        assertThat(problem.path()).isEqualTo("action.clientAuth." + key);
        assertThat(Objects.requireNonNull(problem.span()).line()).isEqualTo(2);
        assertThat(problem.message()).contains("clientAuth");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "authorization_value: x\\nclientAuth: {method: bearer, token: a}|clientAuth",
                "clientAuth: {method: tls_client_auth, clientId: a, certificate: c, key: k}|clientAuth",
            })
    void refusesContradictions(String yaml, String key) {
        Problem problem = refusal(yaml.replace("\\n", "\n"));

        assertThat(problem.code()).isEqualTo("E0421");
        assertThat(problem.path()).endsWith(".action." + key);
        assertThat(problem.hints()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "params: {token: x}|params.token",
                "params: {client_secret: x}|params.client_secret",
                "params: {client_assertion: x}|params.client_assertion",
                "params: {client_assertion_type: x}|params.client_assertion_type",
                "params: {client_id: x}|params.client_id",
                "params: {token_type_hint: x}|params.token_type_hint",
                "params: {a: 1, '': x}|params.",
                "tokenParam: access_token, params: {access_token: x}|params.access_token",
                "tokenParam: access_token, params: {token: x}|params.token",
                "tokenParam: ''|tokenParam",
                "tokenParam: client_secret|tokenParam",
                "headers: {Authorization: x}|headers.Authorization",
                "headers: {content-LENGTH: 1}|headers.content-LENGTH",
                "headers: {Host: x}|headers.Host",
                "headers: {Content-Type: x}|headers.Content-Type",
                "headers: {Accept: x}|headers.Accept",
                "headers: {Connection: close}|headers.Connection",
                "headers: {Transfer-Encoding: chunked}|headers.Transfer-Encoding",
                "headers: {TE: trailers}|headers.TE",
                "headers: {Proxy-Authorization: x}|headers.Proxy-Authorization",
                "headers: {'X A': x}|headers.X A",
                "headers: {X-A: \"a\\r\\nX-B: c\"}|headers.X-A",
            })
    void refusesAdditionsThatReplaceWhatTheGatewaySays(String options, String key) {
        Problem problem = refusal("request:\n  {" + options + "}");

        assertThat(problem.code()).isEqualTo("E0425");
        assertThat(problem.path()).endsWith(".action.request." + key);
        assertThat(Objects.requireNonNull(problem.span()).line()).isEqualTo(4);
        assertThat(problem.hints()).isNotEmpty();
    }

    @Test
    void sendsAdditionsInTheOrderOfTheFile() {
        context.policy("request: {tokenParam: access_token, params: {b: '1', a: '2'}, headers: {X-Api-Key: k%&}}");
        IntrospectionRequest asked =
                request("request: {tokenParam: access_token, params: {b: '1', a: '2'}, headers: {X-Api-Key: k%&}}");

        assertThat(asked.additions().tokenParam()).isEqualTo("access_token");
        assertThat(asked.additions().params().keySet()).containsExactly("b", "a");
        assertThat(asked.additions().headers()).containsOnlyKeys("X-Api-Key");
        assertThat(asked.toString()).doesNotContain("k%&");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''|ES256", ", alg: ES256|ES256"})
    void signsAssertionsForTheEndpoint(@Nullable String more, String algorithm) throws Exception {
        String yaml = HTTPS + KEY_METHOD.formatted(more == null ? "" : more).replace("KEY", "'" + key() + "'");
        IntrospectionRequest asked = request(yaml);

        SignedJWT jwt = assertion(asked);

        assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo(algorithm);
        assertThat(jwt.getJWTClaimsSet().getAudience()).containsExactly("https://as.example.com/introspect?x=1");
    }

    @Test
    void signsAssertionsForTheConfiguredAudience() throws Exception {
        String yaml = HTTPS
                + KEY_METHOD
                        .formatted(", kid: k7, audience: 'https://as.example.com'")
                        .replace("KEY", "'" + key() + "'");

        SignedJWT jwt = assertion(request(yaml));

        assertThat(jwt.getJWTClaimsSet().getAudience()).containsExactly("https://as.example.com");
        assertThat(jwt.getHeader().getKeyID()).isEqualTo("k7");
    }

    @Test
    void signsAssertionsForTheIssuerWhereItIsKnown() throws Exception {
        String yaml = "issuer: https://issuer.example.com/a\n"
                + KEY_METHOD.formatted("").replace("KEY", "'" + key() + "'");

        assertThat(assertion(request(yaml)).getJWTClaimsSet().getAudience())
                .containsExactly("https://issuer.example.com/a");
    }

    @Test
    void endpointsShareTheOwnTokenButNotAssertions() {
        String endpoints = "endpoints: ['https://a.example.com/i', 'https://b.example.com/i']\n";
        var bearer = requests(endpoints + "clientAuth: {method: bearer, tokenEndpoint: 'https://as.example.com/t',"
                + " clientId: a, clientSecret: b}");
        var assertions = requests(endpoints + KEY_METHOD.formatted("").replace("KEY", "'" + key() + "'"));

        assertThat(bearer.get(0).authentication()).isSameAs(bearer.get(1).authentication());
        assertThat(assertions.get(0).authentication().identity())
                .contains("https://a.example.com/i")
                .isNotEqualTo(assertions.get(1).authentication().identity());
    }

    private static SignedJWT assertion(IntrospectionRequest asked) throws Exception {
        Map<String, List<String>> form = CredentialsForm.of(asked.authentication());
        return SignedJWT.parse(
                Objects.requireNonNull(form.get("client_assertion")).get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {", alg: none", ", alg: RS256", ", alg: HS256", ", alg: ES384"})
    void refusesAKeyThatDoesNotFitAndSaysWhere(String more) {
        String key = key();
        Problem problem = refusal(HTTPS + KEY_METHOD.formatted(more).replace("KEY", "'" + key + "'"));

        assertThat(problem.code()).isEqualTo("E0424");
        assertThat(problem.path()).endsWith(".action.clientAuth.key");
        assertThat(problem.message()).contains(key);
        assertThat(Objects.requireNonNull(problem.span()).line()).isEqualTo(2);
        assertThat(problem.span().column()).isGreaterThan(50);
    }

    @Test
    void refusesAShortRsaKey() {
        Path file = new KeyFixture(folder).pem(KeyFixture.rsa(1024).getPrivate());

        Problem problem = refusal(HTTPS + KEY_METHOD.formatted("").replace("KEY", "'" + file + "'"));

        assertThat(problem.code()).isEqualTo("E0424");
        assertThat(problem.message()).contains("1024 bits");
    }

    @Test
    void showsTheCertificateOfTheMethodOnly() {
        String yaml = HTTPS + "clientAuth: {method: tls_client_auth, clientId: a, certificate: c.pem, key: k.pem,"
                + " passphrase: p4ss}";

        TlsSettings tls = Objects.requireNonNull(request(yaml).target().tls());

        assertThat(tls.cert()).isEqualTo(Path.of("c.pem"));
        assertThat(tls.key()).isEqualTo(Path.of("k.pem"));
        assertThat(tls.passphrase()).isEqualTo(new TlsSettings.Passphrase("p4ss"));
        assertThat(request(yaml).toString()).doesNotContain("p4ss");
        assertThat(request(HTTPS).target().tls()).isEqualTo(TlsSettings.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource({"1.2, TLS_1_2", "1.3, TLS_1_3", "'''1.3''', TLS_1_3"})
    void speaksNoOlderVersionOfTls(String written, TlsSettings.Version version) {
        assertThat(Objects.requireNonNull(request(HTTPS + "tls: {minVersion: " + written + "}")
                                .target()
                                .tls())
                        .minVersion())
                .isEqualTo(version);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tls: {minVersion: 1.1}",
                "tls: {minVersion: tls13}",
                "connectionIdle: 0",
                "connectionIdle: -1",
                "proxy: 'proxy:3128'",
                "proxy: socks5://proxy:1080",
                "proxy: ''",
                "proxy: http://proxy:99999",
            })
    void refusesValuesOutOfRange(String yaml) {
        Problems problems = new Problems();

        ConfigFixture.bind(ConfigFixture.node(yaml), problems);

        assertThat(problems.all().get(0).code()).isEqualTo("E0203");
        assertThat(Objects.requireNonNull(problems.all().get(0).span()).line()).isEqualTo(3);
    }

    @Test
    void keepsConnectionsAMinuteUnlessToldOtherwise() {
        assertThat(request("").additions().connectionIdle()).isEqualTo(Duration.ofMinutes(1));
        assertThat(request("connectionIdle: 500ms").additions().connectionIdle())
                .isEqualTo(Duration.ofMillis(500));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // endpoint, http_proxy, https_proxy, no_proxy, option, where it goes
                "https://as.test/i|-|http://p:1|-|-|http://p:1",
                "https://as.test/i|http://q:2|-|-|-|http://q:2",
                "http://as.test/i|q:2|http://p:1|-|-|http://q:2",
                "http://as.test/i|-|http://p:1|-|-|-",
                "https://as.test/i|-|http://p:1|as.test|-|-",
                "https://as.test/i|-|http://p:1|.test|-|-",
                "https://as.test/i|-|http://p:1|-|none|-",
                "https://as.test/i|-|http://p:1|as.test|http://r:3|http://r:3",
                "https://as.test/i|-|-|-|https://r:3|https://r:3",
                "https://localhost/i|-|http://p:1|-|-|-",
                "https://127.0.0.1/i|-|http://p:1|-|-|-",
                "https://[::1]/i|-|http://p:1|-|-|-",
                "https://127.0.0.1/i|-|http://p:1|-|http://r:3|http://r:3",
            })
    void goesOverTheProxyThatIsNamed(
            String endpoint,
            @Nullable String http,
            @Nullable String https,
            @Nullable String except,
            @Nullable String option,
            @Nullable String expected) {
        set("http_proxy", http);
        set("https_proxy", https);
        set("no_proxy", except);

        var way = request("endpoint: '" + endpoint + "'\n" + (option == null ? "" : "proxy: " + option))
                .target()
                .way();

        assertThat(way.proxy() == null ? null : way.proxy().toString()).isEqualTo(expected);
        boolean told = expected != null && option == null;
        assertThat(context.codes().stream().filter("W0428"::equals)).hasSize(told ? 1 : 0);
    }

    private void set(String variable, @Nullable String value) {
        if (value != null) {
            context.environment.put(variable, value);
        }
    }

    @Test
    void keepsTheCredentialsOfTheProxyToItself() {
        var asked = request(HTTPS + "proxy: http://u:s3cret@proxy:3128");

        assertThat(Objects.requireNonNull(asked.target().way().proxy()).authorization())
                .startsWith("Basic ");
        assertThat(asked.toString()).doesNotContain("s3cret").doesNotContain("Basic ");
    }

    @Test
    void refusesAProxyOfTheEnvironmentThatIsNone() {
        context.environment.put("https_proxy", "socks5://u:s3cret@proxy");

        assertThatThrownBy(() -> context.policy(HTTPS)).isInstanceOfSatisfying(ConfigProblem.class, problem -> {
            assertThat(problem.problem().code()).isEqualTo("E0444");
            assertThat(problem.problem().message()).contains("https_proxy").doesNotContain("s3cret");
        });
    }

    @Test
    void warnsWhenTheClientSecretTravelsUnencrypted() {
        context.policy(HTTPS + "clientAuth: {method: bearer, tokenEndpoint: 'http://as.example.com/t', clientId: a,"
                + " clientSecret: b}");

        assertThat(context.codes()).contains("W0421");
    }

    @Test
    void fetchesItsOwnTokenFromTheTokenEndpoint() {
        context.endpoint.always(
                EndpointFixture.json("{\"access_token\":\"own\",\"token_type\":\"Bearer\",\"expires_in\":60}"));
        IntrospectionRequest asked = request("clientAuth: {method: bearer, tokenEndpoint: 'http://127.0.0.1:8/t?a=b',"
                + " clientId: a, clientSecret: 'b:%&'}");

        asked.authentication()
                .present(Duration.ofSeconds(1))
                .toCompletableFuture()
                .join();

        HttpCall call = context.endpoint.call(0);
        assertThat(call.target().label()).isEqualTo("127.0.0.1:8");
        assertThat(call.requestTarget()).isEqualTo("/t?a=b");
        assertThat(call.totalTimeout()).isEqualTo(Duration.ofSeconds(10));
    }
}
