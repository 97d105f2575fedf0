package dev.gatehouse.policies.introspect;

import static dev.gatehouse.policies.introspect.server.EndpointFixture.answer;
import static dev.gatehouse.policies.introspect.server.EndpointFixture.failed;
import static dev.gatehouse.policies.introspect.server.EndpointFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatehouse.client.CallResult;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.policies.introspect.server.TimeFixture;
import dev.gatehouse.policies.introspect.signed.SignerFixture;
import dev.gatehouse.policy.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Answers that are signed (RFC 9701): the good one, and each clause broken alone. */
class SignedAnswersTest {
    private static final String TYPE = "application/token-introspection+jwt";
    private static final String OPTIONS = """
            clientAuth: {method: client_secret_basic, clientId: gateway, clientSecret: s}
            claims: {issuer: 'https://as.example.com'}
            resilience: {retries: {max: 0}}
            response: {format: jwt, jwks: 'http://127.0.0.1:9/jwks'}
            """;
    private static final SignerFixture SIGNER = SignerFixture.of("k1", "RS256");
    private static final long NOW = TimeFixture.START_SECONDS;

    private final ContextFixture context = new ContextFixture();

    private static String payload(String iss, String aud, String iat, String claims) {
        return "{\"iss\":" + iss + ",\"aud\":" + aud + ",\"iat\":" + iat + ",\"token_introspection\":" + claims + "}";
    }

    private static String good() {
        return payload(
                "\"https://as.example.com\"",
                "\"gateway\"",
                String.valueOf(NOW),
                "{\"active\":true,\"iss\":\"https://as.example.com\",\"sub\":\"alice\",\"o\":{\"n\":1.50}}");
    }

    private static CallResult signed(String jwt) {
        return answer(200, jwt, "content-type", TYPE);
    }

    private SignedAnswersTest keys(String... jwks) {
        context.endpoint.publishes("/jwks", json(SignerFixture.set(jwks)));
        return this;
    }

    private ExchangeFixture run(Policy policy) {
        return run(policy, "t");
    }

    private ExchangeFixture run(Policy policy, String token) {
        var exchange = ExchangeFixture.get("/").bearer(token).run(policy);
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(10))
                .until(() -> {
                    exchange.runTasks();
                    return exchange.reply() != null || exchange.hasRunOut() || exchange.failure() != null;
                });
        assertThat(exchange.failure()).isNull();
        return exchange;
    }

    private int status(Policy policy) {
        return status(policy, "t");
    }

    private int status(Policy policy, String token) {
        var exchange = run(policy, token);
        return exchange.reply() == null ? 0 : exchange.reply().status();
    }

    private void assertRefusedAndNotKept(CallResult broken) {
        context.endpoint.token("t", broken, signed(SIGNER.sign(good())));
        Policy policy = context.policy(OPTIONS);

        var exchange = run(policy);

        assertThat(Objects.requireNonNull(exchange.reply()).status()).isEqualTo(503);
        assertThat(exchange.reply().headers().contains("www-authenticate")).isFalse();
        // The next answer is asked for, and it is good: nothing was kept of the broken one.
        assertThat(status(policy)).isZero();
    }

    @Test
    void readsWhatIsSigned() {
        keys(SIGNER.jwk(",\"use\":\"sig\",\"alg\":\"RS256\"")).context.endpoint.token("t", signed(SIGNER.sign(good())));

        var exchange = run(context.policy(OPTIONS));

        assertThat(exchange.hasRunOut()).isTrue();
        assertThat(Objects.requireNonNull(exchange.identity()).claims())
                .containsEntry("sub", "alice")
                .containsEntry("o", java.util.Map.of("n", 1.5))
                .doesNotContainKeys("aud", "token_introspection");
        assertThat(context.endpoint.call(0).headers().get("accept")).isEqualTo(TYPE);
        assertThat(context.endpoint.call(1).requestTarget()).isEqualTo("/jwks");
    }

    @Test
    void findsIssuerAndKeysByDiscovery() {
        String issuer = "http://127.0.0.1:9";
        context.endpoint.publishes(
                "/.well-known/oauth-authorization-server",
                json("{\"issuer\":\"" + issuer + "\",\"introspection_endpoint\":\"" + issuer
                        + "/introspect\",\"jwks_uri\":\"" + issuer + "/jwks\"}"));
        keys(SIGNER.jwk(""))
                .context
                .endpoint
                .token("t", signed(SIGNER.sign(good().replace("https://as.example.com", issuer))))
                .token("u", signed(SIGNER.sign(good())));
        Policy policy = context.policy("issuer: " + issuer + "\nresponse: {format: jwt, audience: gateway}\n"
                + "resilience: {retries: {max: 0}}");

        assertThat(status(policy)).isZero();
        assertThat(status(policy, "u")).as("another issuer").isEqualTo(503);
    }

    @Test
    void keepsAGoodAnswer() {
        keys(SIGNER.jwk("")).context.endpoint.token("t", signed(SIGNER.sign(good())));
        Policy policy = context.policy(OPTIONS);

        assertThat(List.of(status(policy), status(policy))).containsExactly(0, 0);
        assertThat(context.endpoint.count()).isEqualTo(2);
    }

    @Test
    void refusesAnInactiveTokenAsInAPlainAnswer() {
        keys(SIGNER.jwk(""))
                .context
                .endpoint
                .token("t", signed(SIGNER.sign(good().replace("\"active\":true", "\"active\":\"true\""))));

        assertThat(status(context.policy(OPTIONS))).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS256", "ES256", "ES384", "EdDSA"})
    void verifiesEveryAlgorithm(String algorithm) {
        SignerFixture signer = SignerFixture.of("k2", algorithm);
        keys(SIGNER.jwk(""), signer.jwk("")).context.endpoint.token("t", signed(signer.sign(good())));

        assertThat(status(context.policy(OPTIONS))).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "typ|\"JWT\"",
                "typ|\"at+jwt\"",
                "typ|null",
                "typ|1",
                "alg|\"none\"",
                "alg|\"HS256\"",
                "alg|\"RS512\"",
                "alg|\"ES256\"",
                "alg|null",
                "kid|\"other\"",
                "crit|[\"exp\"]",
                "b64|false",
            })
    void refusesAWrongHeader(String member, String value) {
        keys(SIGNER.jwk(""));
        java.util.Map<String, String> members = new java.util.LinkedHashMap<>(
                java.util.Map.of("typ", "\"token-introspection+jwt\"", "alg", "\"RS256\"", "kid", "\"k1\""));
        members.put(member, value);
        String header = members.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\":" + entry.getValue())
                .collect(java.util.stream.Collectors.joining(",", "{", "}"));

        assertRefusedAndNotKept(signed(SIGNER.sign(header, good())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"https://as.example.com/\"|\"gateway\"|0|{\"active\":true}",
                "\"https://evil.example.com\"|\"gateway\"|0|{\"active\":true}",
                "null|\"gateway\"|0|{\"active\":true}",
                "[\"https://as.example.com\"]|\"gateway\"|0|{\"active\":true}",
                "\"https://as.example.com\"|\"other\"|0|{\"active\":true}",
                "\"https://as.example.com\"|[\"other\"]|0|{\"active\":true}",
                "\"https://as.example.com\"|[[\"gateway\"]]|0|{\"active\":true}",
                "\"https://as.example.com\"|null|0|{\"active\":true}",
                "\"https://as.example.com\"|\"gateway\"|-7|{\"active\":true}",
                "\"https://as.example.com\"|\"gateway\"|6|{\"active\":true}",
                "\"https://as.example.com\"|\"gateway\"|null|{\"active\":true}",
                "\"https://as.example.com\"|\"gateway\"|0|true",
                "\"https://as.example.com\"|\"gateway\"|0|null",
                "\"https://as.example.com\"|\"gateway\"|0|[{\"active\":true}]",
                "\"https://as.example.com\"|\"gateway\"|0|\"{}\"",
                "\"https://as.example.com\"|\"gateway\"|0|{\"active\":true,\"active\":true}",
                "\"https://as.example.com\"|\"gateway\"|0|{\"active\":true,\"exp\":\"soon\"}",
            })
    void refusesAWrongClaim(String iss, String aud, String iat, String claims) {
        keys(SIGNER.jwk(""));
        String time = iat.equals("null") ? iat : String.valueOf(NOW + Long.parseLong(iat));

        assertRefusedAndNotKept(signed(SIGNER.sign(payload(iss, aud, time, claims))));
    }

    @ParameterizedTest
    @CsvSource({"-5", "5"})
    void acceptsAClockThatIsALittleOff(long offset) {
        String jwt = SIGNER.sign(good().replace("\"iat\":" + NOW, "\"iat\":" + (NOW + offset)));
        keys(SIGNER.jwk("")).context.endpoint.token("t", signed(jwt));

        assertThat(status(context.policy(OPTIONS))).isZero();
    }

    @Test
    void acceptsOneOfSeveralAudiences() {
        String jwt = SIGNER.sign(good().replace("\"gateway\"", "[\"other\",\"gateway\"]"));
        keys(SIGNER.jwk("")).context.endpoint.token("t", signed(jwt));

        assertThat(status(context.policy(OPTIONS))).isZero();
    }

    @Test
    void refusesASignatureOfAnotherKeyOfThatName() {
        keys(SIGNER.jwk(""));

        assertRefusedAndNotKept(signed(SignerFixture.of("other", "RS256")
                .sign("{\"typ\":\"token-introspection+jwt\",\"alg\":\"RS256\",\"kid\":\"k1\"}", good())));
    }

    @Test
    void refusesAKeyThatTheAnswerItselfBrings() {
        keys(SIGNER.jwk(""));
        SignerFixture attacker = SignerFixture.of("attacker", "RS256");

        assertRefusedAndNotKept(signed(attacker.sign(
                "{\"typ\":\"token-introspection+jwt\",\"alg\":\"RS256\",\"jwk\":" + attacker.jwk("")
                        + ",\"jku\":\"http://127.0.0.1:9/attacker\",\"x5u\":\"http://127.0.0.1:9/attacker\"}",
                good())));
        assertThat(java.util.stream.IntStream.range(0, context.endpoint.count())
                        .mapToObj(call -> context.endpoint.call(call).requestTarget()))
                .doesNotContain("/attacker");
    }

    @Test
    void refusesAChangedPayload() {
        keys(SIGNER.jwk(""));
        String[] parts = SIGNER.sign(good()).split("\\.", -1);
        String other = SIGNER.sign(good().replace("alice", "mallory")).split("\\.", -1)[1];

        assertRefusedAndNotKept(signed(parts[0] + "." + other + "." + parts[2]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a.b", "..", "a.b.c", "a.b.c.d.e", "{\"active\":true}", "%.%.%"})
    void refusesWhatIsNoSignedText(String text) {
        keys(SIGNER.jwk(""));

        assertRefusedAndNotKept(signed(text));
    }

    @Test
    void refusesWhatIsNotLabelledAsSigned() {
        keys(SIGNER.jwk(""));

        assertRefusedAndNotKept(answer(200, SIGNER.sign(good()), "content-type", "application/jwt"));
    }

    @Test
    void refusesAPlainAnswer() {
        keys(SIGNER.jwk(""));

        assertRefusedAndNotKept(json("{\"active\":true,\"iss\":\"https://as.example.com\"}"));
    }

    @Test
    void refusesASignedAnswerWhereAPlainOneIsExpected() {
        context.endpoint.token("t", signed(SIGNER.sign(good())));

        assertThat(status(context.policy("resilience: {retries: {max: 0}}"))).isEqualTo(503);
    }

    @Test
    void refusesEverythingWithoutKeys() {
        context.endpoint.publishes("/jwks", failed(CallResult.Cause.REFUSED)).token("t", signed(SIGNER.sign(good())));

        assertThat(status(context.policy(OPTIONS))).isEqualTo(503);
    }

    @Test
    void passesErrorsOnAsTheyAre() {
        keys(SIGNER.jwk(""))
                .context
                .endpoint
                .token("t", answer(400, "{\"error\":\"invalid_request\"}", "content-type", "application/json"));

        assertThat(status(context.policy(OPTIONS))).isEqualTo(401);
    }

    @Test
    void sharesNoAnswersWithPoliciesThatTakePlainOnes() {
        String auth = "clientAuth: {method: client_secret_basic, clientId: gateway, clientSecret: s}\n";
        context.endpoint.token("t", "{\"active\":true}");
        assertThat(status(context.policy(auth))).isZero();

        keys(SIGNER.jwk(""));

        assertThat(status(context.policy(OPTIONS))).isEqualTo(503);
    }

    @Test
    void tellsTheOperatorWhatIsWrongAndNothingElse() {
        Logger logger = (Logger) LoggerFactory.getLogger("introspect");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            keys(SIGNER.jwk("")).context.endpoint.token("t", signed(SIGNER.sign(good().replace("gateway", "mArKeD"))));
            status(context.policy(OPTIONS));
        } finally {
            logger.detachAppender(log);
        }

        assertThat(log.list)
                .anySatisfy(event -> {
                    assertThat(event.getKeyValuePairs().toString()).contains("introspect.invalid_answer", "audience");
                })
                .noneSatisfy(event -> assertThat(event.getFormattedMessage() + event.getKeyValuePairs())
                        .contains("mArKeD"));
    }
}
