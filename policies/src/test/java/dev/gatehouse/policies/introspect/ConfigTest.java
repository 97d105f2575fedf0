package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Problems;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.policies.introspect.options.CacheOptions;
import dev.gatehouse.policies.introspect.options.ClaimsOptions;
import dev.gatehouse.policies.introspect.options.ErrorsOptions;
import dev.gatehouse.policies.introspect.options.RequestOptions;
import dev.gatehouse.policies.introspect.options.ResilienceOptions;
import dev.gatehouse.policies.introspect.options.ScopesOptions;
import dev.gatehouse.policies.introspect.options.TlsOptions;
import dev.gatehouse.policies.introspect.options.token.BindingOptions;
import dev.gatehouse.policies.introspect.options.token.TokenOptions;
import dev.gatehouse.policies.introspect.options.token.TokenSource;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.PolicyFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the options mean, and what the operator is told about them. */
class ConfigTest {
    private final ContextFixture context = new ContextFixture();

    @Test
    void isFoundByItsName() {
        assertThat(ServiceLoader.load(PolicyFactory.class)).anySatisfy(factory -> {
            assertThat(factory.name()).isEqualTo("oauth2-introspect");
            assertThat(factory.authenticates()).isTrue();
            assertThat(factory.terminal()).isFalse();
        });
    }

    @Test
    void hasTheDefaultsOfTheDocumentation() {
        var config = ConfigFixture.config("");

        assertThat(config.ttl()).isEqualTo(60);
        assertThat(config.timeout()).isEqualTo(10_000);
        assertThat(config.passThrough()).isFalse();
        assertThat(config.passThroughOn()).isEqualTo(TokenOptions.PassThroughOn.REFUSED);
        assertThat(config.realm()).isEqualTo("gateway");
        assertThat(config.forwardToken()).isEqualTo(TokenOptions.ForwardToken.HEADER);
        assertThat(config.tokenSources())
                .containsExactly(
                        new TokenSource(TokenSource.Type.HEADER, null, null, null),
                        new TokenSource(TokenSource.Type.QUERY, null, null, null));
        assertThat(config.formMaxBytes()).isEqualTo(16_384);
        assertThat(config.skipPreflight()).isFalse();
        assertThat(config.maxTokenLength()).isEqualTo(16_384);
        assertThat(config.tokenFormat()).isEqualTo(new TokenOptions.Format(TokenOptions.Characters.VISIBLE, null));
        assertThat(config.request()).isEqualTo(new RequestOptions("access_token", "token", Map.of(), Map.of()));
        assertThat(config.clientAuth()).isNull();
        assertThat(config.tls()).isEqualTo(new TlsOptions(List.of(), false, null, "1.2"));
        assertThat(config.response().maxBytes()).isEqualTo(1 << 20);
        assertThat(config.endpoints()).isEmpty();
        assertThat(config.strategy()).isEqualTo("failover");
        assertThat(config.issuer()).isNull();
        assertThat(config.providers()).isEmpty();
        assertThat(config.claims())
                .isEqualTo(new ClaimsOptions(
                        Duration.ofSeconds(5),
                        Duration.ZERO,
                        null,
                        false,
                        List.of(),
                        List.of(),
                        ClaimsOptions.Match.ANY,
                        ClaimsOptions.MissingAudience.REJECT,
                        List.of(),
                        Map.of()));
        assertThat(config.scopes())
                .isEqualTo(new ScopesOptions(
                        true, List.of(), ClaimsOptions.Match.ALL, List.of("scope", "scopes", "scp"), Map.of()));
        assertThat(config.stepUp()).isNull();
        assertThat(config.senderConstraint())
                .isEqualTo(new BindingOptions(
                        new BindingOptions.Mtls(BindingOptions.Binding.AUTO, null, List.of()),
                        new BindingOptions.Dpop(
                                BindingOptions.Binding.AUTO,
                                List.of("ES256", "ES384", "EdDSA", "PS256", "RS256"),
                                Duration.ofSeconds(60),
                                BindingOptions.Nonce.OFF,
                                null,
                                new BindingOptions.Replay(100_000)),
                        BindingOptions.Unknown.REFUSE));
        assertThat(config.errors()).isEqualTo(new ErrorsOptions(null, ErrorsOptions.Detail.MINIMAL, true));
        assertThat(config.identity().consumerIdClaim()).containsExactly("id");
    }

    @Test
    void protectsTheServerByDefault() {
        var config = ConfigFixture.config("");

        assertThat(config.cache())
                .isEqualTo(new CacheOptions(
                        true,
                        "untilExp",
                        null,
                        Duration.ofSeconds(5),
                        10_000,
                        100_000,
                        64L << 20,
                        256 << 10,
                        1024,
                        0.1,
                        null,
                        Duration.ZERO,
                        Map.of(),
                        true));
        assertThat(config.resilience())
                .isEqualTo(new ResilienceOptions(
                        Duration.ofSeconds(2),
                        null,
                        new ResilienceOptions.Retries(1, 0.2),
                        new ResilienceOptions.Breaker(
                                true,
                                Duration.ofSeconds(10),
                                20,
                                0.5,
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(30),
                                3),
                        64,
                        1000,
                        Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "endpoint: foo",
                "endpoint: 'not a uri'",
                "endpoint: /introspect",
                "endpoint: ftp://as.example.com/",
                "endpoint: https://user:pw@as.example.com/",
                "endpoint: https://as.example.com/#x",
                "endpoint: mailto:a@b",
                "timeout: 0",
                "timeout: 10s",
                "ttl: soon",
                "passThroughOn: never",
                "tokenSources: []",
                "tokenSources: [body]",
                "tokenSources: [header, header]",
                "tokenSources: [header, {type: header, name: AUTHORIZATION}]",
                "tokenSources: [header, {type: header, name: Authorization, scheme: ''}]",
                "tokenSources: [{type: query, name: a}, {type: query, name: a}]",
                "tokenSources: {name: x}",
                "tokenSources: {type: cookie}",
                "tokenSources: {type: cookie, name: 'a b'}",
                "tokenSources: {type: cookie, name: a, scheme: Bearer}",
                "tokenSources: {type: cookie, name: a, unsafeMethods: perhaps}",
                "tokenSources: {type: cookie, name: a, unsafeMethodes: allow}",
                "tokenSources: {type: query, name: ''}",
                "tokenSources: {type: query, unsafeMethods: allow}",
                "tokenSources: {type: header, name: 'X Token'}",
                "tokenSources: {type: header, name: Cookie}",
                "tokenSources: {type: header, name: X-Token, scheme: 'a b'}",
                "formMaxBytes: 0",
                "formMaxBytes: 1048577",
                "formMaxBytes: many",
                "skipPreflight: perhaps",
                "jwtPrecheck: perhaps",
                "response: {format: xml}",
                "response: {format: jwt, jwks: keys.json}",
                "response: {format: jwt, algs: [none]}",
                "response: {format: jwt, algs: [HS256]}",
                "response: {format: jwt, algs: []}",
                "response: {format: jwt, issuer: ''}",
                "response: {format: jwt, audience: ''}",
                "response: {format: jwt, jwk: 'https://as.example.com/jwks'}",
                "tokenFormat: ascii",
                "tokenFormat: {patern: a}",
                "tokenFormat: {pattern: '('}",
                "tokenFormat: {pattern: '(?=a)b'}",
                "tokenFormat: {pattern: '(a{100}){100}'}",
                "clientAuth: {method: client_secret_basic, clientId: a, clientSecret: ''}",
                "clientAuth: {method: client_secret_basic, clientId: '', clientSecret: b}",
                "clientAuth: {method: client_secret_basic, clientId: a}",
                "claims: {clockSkew: 301}",
                "claims: {expSkew: 61}",
                "claims: {maxTokenAge: 0}",
                "claims: {audienceMissing: perhaps}",
                "claims: {required: {a: null}}",
                "claims: {required: {a: []}}",
                "claims: {required: {a: {b: 1}}}",
                "claims: {required: {a: [[1]]}}",
                "claims: {required: {a..b: 1}}",
                "claims: {required: {'': 1}}",
                "claims: {required: {a: .inf}}",
                "claims: {required: [a]}",
                "scopes: {byMethod: {get: [a]}}",
                "scopes: {byMethod: {'*': [a]}}",
                "scopes: {byMethod: {GET: ['']}}",
                "scopes: {byMethod: {GET: {a: 1}}}",
                "scopes: {byMethod: [a]}",
                "stepUp: {acrValues: ['']}",
                "stepUp: {acrValues: ['a b']}",
                "stepUp: {maxAge: 0}",
                "stepUp: {acrValues: a, methods: [post]}",
                "stepUp: [a]",
                "cache: {negativeTtl: 61}",
                "cache: {negativTtl: 5}",
                "cache: {maxEntries: 0}",
                "cache: {ttlZero: sometimes}",
                "cache: {refreshAhead: 0.96}",
                "cache: {refreshAhead: -0.1}",
                "cache: {refreshAhead: often}",
                "cache: {refreshahead: 0.5}",
                "cache: {staleIfError: 301}",
                "cache: {staleIfError: -1}",
                "cache: {staleIfError: long}",
                "cache: {staleIfErrors: 1}",
                "cache: {jitter: 1.1}",
                "cache: {jitter: -0.1}",
                "cache: {jitter: some}",
                "cache: {jiter: 0.1}",
                "cache: {methods: POST}",
                "cache: {methods: {POST: soon}}",
                "cache: {methods: {POST: -1}}",
                "cache: {methods: {'P OST': 1}}",
                "cache: {method: {POST: 1}}",
                "cache: {joinInFlight: perhaps}",
                "cache: {joinInflight: true}",
                "resilience: {retries: {max: 9}}",
                "resilience: {retries: {budget: 1.1}}",
                "resilience: {retries: {budget: -0.1}}",
                "resilience: {retries: {budget: many}}",
                "endpoints: [https://as.example.com/i, foo]",
                "endpoints: https://as.example.com/i",
                "endpoints: [https://user:pw@as.example.com/]",
                "endpoints: [a, b]",
                "strategy: random",
                "strategy: round-robin",
                "issuer: foo",
                "issuer: https://as.example.com/?tenant=1",
                "issuer: https://user@as.example.com",
                "issuer: [https://as.example.com]",
                "providers: {a: 1}",
                "providers: [1]",
                "scopes: {required: [1]}",
                "senderConstraint: {mtls: perhaps}",
                "identity: {headers: {'X User': sub}}",
                "identity: {headers: {'': sub}}",
                "identity: {headers: {Content-Length: n}}",
                "identity: {headers: {Authorization: sub}}",
                "identity: {answerHeader: 'x:y'}",
                "identity: {answerHeader: Host}",
            })
    void refusesWhatCannotWork(String yaml) {
        Problems problems = new Problems();

        var config = ConfigFixture.bind(ConfigFixture.node(yaml), problems);

        assertThat(problems.hasErrors()).isTrue();
        assertThat(config == null || problems.hasErrors()).isTrue();
    }

    @Test
    void tellsWhatIsWrongWithASourceAtItsPlace() {
        Problems problems = new Problems();

        ConfigFixture.bind(
                ConfigFixture.node("tokenSources:\n  - header\n  - {type: cookie, name: a, scheme: x}"), problems);

        Problem problem = problems.all().get(0);
        assertThat(problem.message())
                .isEqualTo("'action.tokenSources[1].scheme': \"x\" (expected: only with 'type: header')");
        assertThat(java.util.Objects.requireNonNull(problem.span()).line()).isEqualTo(5);
    }

    @Test
    void suggestsTheRightName() {
        Problems problems = new Problems();

        ConfigFixture.bind(ConfigFixture.node("authorisation_value: x\nauthorization_value: x"), problems);

        assertThat(problems.all().get(0).hints()).containsExactly("did you mean 'authorization_value'?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jwt: localFirst",
                "claims: {forbidden: [a]}",
                "cache: {redis: true}",
                "response: {lenientActive: true}",
                "passThrough: true\nsenderConstraint: {mtls: required}",
                "cache: {enabled: false, staleIfError: 10}",
                "ttl: -1\ncache: {staleIfError: 10}",
                "ttl: 0\ncache: {ttlZero: noCache, staleIfError: 10}",
                "cache: {enabled: false, refreshAhead: 0.5}",
                "cache: {maxTtl: 0, refreshAhead: 0.5}",
                "cache: {enabled: false, methods: {GET: 10}}",
                "stepUp: {}",
                "stepUp: {methods: [POST]}",
            })
    void refusesProtectionThatItCannotGive(String yaml) {
        assertThatThrownBy(() -> context.policy(yaml)).isInstanceOf(ConfigProblem.class);

        Problem problem = context.problems.all().get(0);
        assertThat(problem.severity()).isEqualTo(Severity.ERROR);
        assertThat(problem.span()).isNotNull();
        assertThat(problem.hints()).isNotEmpty();
    }

    @Test
    void refusesAtThePlaceOfTheUselessCacheOption() {
        assertThatThrownBy(() -> context.policy("cache:\n  enabled: false\n  staleIfError: 10"))
                .hasMessage("'cache.staleIfError' needs kept answers, and this configuration keeps none");

        Problem problem = context.problems.all().get(0);
        assertThat(problem.code()).isEqualTo("E0421");
        assertThat(java.util.Objects.requireNonNull(problem.span()).line()).isEqualTo(5);
    }

    @Test
    void acceptsMethodsInAnyCase() {
        assertThat(ConfigFixture.config("cache: {methods: {post: 0, GET: 500ms}}")
                        .cache()
                        .methods())
                .containsExactly(Map.entry("GET", Duration.ofMillis(500)), Map.entry("POST", Duration.ZERO));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "format: jwt, issuer: i, audience: a|response|keys",
                "format: jwt, jwks: 'https://as/k', audience: a|response|issuer",
                "format: jwt, jwks: 'https://as/k', issuer: i|response|audience",
                "format: jwt, jwks: 'ftp://as/k', issuer: i, audience: a|response.jwks|absolute",
                "format: jwt, jwks: 'https://u:p@as/k', issuer: i, audience: a|response.jwks|absolute",
                "format: jwt, jwks: 'http://as.example.com/k', issuer: i, audience: a|response.jwks|unencrypted",
                "jwks: 'https://as/k'|response.jwks|signed",
                "format: json, issuer: i|response.issuer|signed",
                "format: json, audience: a|response.audience|signed",
                "algs: [ES256]|response.algs|signed",
            })
    void refusesSignedAnswersThatCannotBeVerified(String response, String path, String message) {
        assertThatThrownBy(() -> context.policy("response: {" + response + "}")).isInstanceOf(ConfigProblem.class);

        Problem problem = context.problems.all().get(0);
        assertThat(problem.code()).isEqualTo("E0421");
        assertThat(problem.path()).endsWith(".action." + path);
        assertThat(problem.message()).contains(message);
        assertThat(java.util.Objects.requireNonNull(problem.span()).line()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "response: {format: jwt, jwks: 'https://as.example.com/k', issuer: i, audience: a}",
                "response: {format: jwt, jwks: 'http://127.0.0.1:9/k', audience: a}\nclaims: {issuer: i}",
                "response: {format: jwt, jwks: 'https://as/k', issuer: i}\n"
                        + "clientAuth: {method: client_secret_basic, clientId: gateway, clientSecret: s}",
            })
    void acceptsSignedAnswersThatCanBeVerified(String yaml) {
        context.policy(yaml);

        assertThat(context.problems.hasErrors()).isFalse();
    }

    @Test
    void tellsWhereTheUnsupportedOptionIs() {
        assertThatThrownBy(() -> context.policy("cache:\n  negativeTtl: 1\n  redis: true"))
                .hasMessage("'cache.redis' of policy 'oauth2-introspect' is not supported yet");

        Problem problem = context.problems.all().get(0);
        assertThat(java.util.Objects.requireNonNull(problem.span()).line()).isEqualTo(5);
        assertThat(problem.path()).endsWith(".action.cache.redis");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "skipPreflight: false",
                "cache: {redis: false}",
                "response: {format: json, lenientActive: false}",
                "passThrough: true\npassThroughOn: missing\nsenderConstraint: {mtls: required}",
            })
    void acceptsWhatHappensAnyway(String yaml) {
        context.policy(yaml);

        assertThat(context.problems.hasErrors()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "endpoint: http://as.example.com/i|W0421",
                "tls: {insecureSkipVerify: true}|W0422",
                "authorization_value: ''|W0423",
                "passThrough: false|W0424",
                "passThrough: false|W0425",
                "tokenSources: {type: cookie, name: a}|W0431",
                "tokenSources: {type: cookie, name: a, unsafeMethods: allow}|W0432",
                "ttl: 301|W0426",
                "ttl: 0|W0427",
                "ttl: 60\\ncache: {staleIfError: 241}|W0435",
            })
    void warnsOnceAboutRisks(String yaml, String code) {
        context.policy(yaml.replace("\\n", "\n"));

        List<Problem> warnings = context.problems.all().stream()
                .filter(problem -> problem.code().equals(code))
                .toList();
        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0).severity()).isEqualTo(Severity.WARNING);
        assertThat(warnings.get(0).message()).contains("'main'");
    }

    @Test
    void doesNotWarnAboutACarefulConfiguration() {
        context.policy("endpoint: https://as.example.com/i\ntokenSources: header\nclaims: {audience: api}\nttl: 300");

        assertThat(context.problems.all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ttl: 60|70",
                "ttl: 0|Infinity",
                "ttl: -1|10",
                "ttl: 0\\ncache: {ttlZero: noCache}|10",
                "ttl: 60\\ncache: {enabled: false}|10",
                "ttl: 60\\ncache: {maxTtl: 20}|30",
                "ttl: 60\\ntimeout: 500|60.5",
                "ttl: 60\\nresilience: {totalTimeout: 2s}|62",
                "ttl: 60\\ncache: {staleIfError: 30}|100",
                "ttl: 60\\ncache: {staleIfError: 30, methods: {POST: 0}}|100",
                "ttl: 0\\ncache: {staleIfError: 30}|Infinity",
                "ttl: 0\\ncache: {maxTtl: 20, staleIfError: 30}|60",
            })
    void tellsTheLongestRevocationDelay(String yaml, double seconds) {
        context.policy(yaml.replace("\\n", "\n"));

        assertThat(context.guards).containsExactly("introspect http://127.0.0.1:9/introspect " + seconds);
        assertThat(context.gauge("gateway.introspection.revocation.delay", "pipeline", "main"))
                .isEqualTo(seconds);
    }

    @Test
    void keepsSecretsOutOfItsText() {
        var config = ConfigFixture.config("authorization_value: marker-1\nrequest: {tokenTypeHint: none}");

        assertThat(config.toString()).doesNotContain("marker-1");
    }
}
