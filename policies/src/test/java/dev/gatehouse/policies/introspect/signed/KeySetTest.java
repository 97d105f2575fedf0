package dev.gatehouse.policies.introspect.signed;

import static dev.gatehouse.policies.introspect.server.EndpointFixture.answer;
import static dev.gatehouse.policies.introspect.server.EndpointFixture.failed;
import static dev.gatehouse.policies.introspect.server.EndpointFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.Target;
import dev.gatehouse.policies.introspect.report.ServerLog;
import dev.gatehouse.policies.introspect.server.EndpointFixture;
import dev.gatehouse.policies.introspect.server.TimeFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When keys are fetched, and which of them are taken. */
class KeySetTest {
    private static final String PATH = "/jwks?x=1";
    private static final Authority AUTHORITY =
            new Authority("https://as.example.com", new Target("as.example.com", 443, null), PATH);
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final SignerFixture K1 = SignerFixture.of("k1", "RS256");
    private static final SignerFixture K2 = SignerFixture.of("k2", "ES256");

    private final TimeFixture time = new TimeFixture();
    private final EndpointFixture endpoint = new EndpointFixture();
    private boolean broken;
    private final KeySet keys = new KeySet(this::call, time, new ServerLog("as", time));

    private CompletionStage<CallResult> call(HttpCall call) {
        if (broken) {
            throw new IllegalStateException("broken caller");
        }
        return endpoint.call(call);
    }

    private KeySetTest serves(String... jwks) {
        endpoint.publishes(PATH, json(SignerFixture.set(jwks)));
        return this;
    }

    private int found(@Nullable String kid, String algorithm) {
        CompletableFuture<List<SigningKey>> found = keys.find(AUTHORITY, kid, algorithm, LONG);
        assertThat(found).isCompleted();
        return found.join().size();
    }

    @Test
    void fetchesOnceForManyAnswers() {
        serves(K1.jwk(""), K2.jwk(""));

        assertThat(found("k1", "RS256")).isEqualTo(1);
        assertThat(found("k2", "ES256")).isEqualTo(1);
        assertThat(found(null, "RS256")).isEqualTo(1);
        assertThat(endpoint.count()).isEqualTo(1);
        assertThat(endpoint.call(0).requestTarget()).isEqualTo("/jwks?x=1");
        assertThat(endpoint.call(0).headers().contains("authorization")).isFalse();
    }

    @Test
    void fetchesOnceForAThousandUnknownKeys() {
        serves(K1.jwk(""));
        assertThat(found("k1", "RS256")).isEqualTo(1);
        time.passes(KeySet.PAUSE);

        for (int i = 0; i < 1000; i++) {
            assertThat(found("unknown" + i, "RS256")).isZero();
        }

        assertThat(endpoint.count()).isEqualTo(2);
    }

    @Test
    void findsARotatedKeyAfterThePause() {
        serves(K1.jwk(""));
        found("k1", "RS256");
        serves(K1.jwk(""), K2.jwk(""));

        assertThat(found("k2", "ES256")).isZero();
        time.passes(KeySet.PAUSE.minusMillis(1));
        assertThat(found("k2", "ES256")).isZero();
        time.passes(Duration.ofMillis(1));
        assertThat(found("k2", "ES256")).isEqualTo(1);
    }

    @Test
    void makesOneFetchForAllWhoWait() {
        serves(K1.jwk("")).endpoint.hold();
        List<CompletableFuture<List<SigningKey>>> waiting = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            waiting.add(keys.find(AUTHORITY, "k1", "RS256", LONG));
        }

        endpoint.letGo();

        assertThat(endpoint.count()).isEqualTo(1);
        assertThat(waiting).allSatisfy(found -> assertThat(found.join()).hasSize(1));
    }

    @Test
    void refusesToWaitLongerThanItMay() {
        serves(K1.jwk("")).endpoint.hold();

        assertThat(keys.find(AUTHORITY, "k1", "RS256", Duration.ofMillis(1)).join())
                .isEmpty();

        endpoint.letGo();
        assertThat(found("k1", "RS256")).isEqualTo(1);
        assertThat(endpoint.count()).isEqualTo(1);
    }

    @Test
    void refreshesInTheBackgroundEachHour() {
        serves(K1.jwk(""));
        found("k1", "RS256");
        time.passes(KeySet.REFRESH.minusSeconds(1));
        found("k1", "RS256");
        assertThat(endpoint.count()).isEqualTo(1);
        time.passes(Duration.ofSeconds(1));
        endpoint.hold();

        assertThat(found("k1", "RS256")).isEqualTo(1);
        assertThat(endpoint.count()).isEqualTo(2);
        serves(K2.jwk("")).endpoint.letGo();

        assertThat(found("k1", "RS256")).as("withdrawn").isZero();
        assertThat(found("k2", "ES256")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"keys\":{}}",
                "{\"keys\":[]}",
                "{\"keys\":[],\"keys\":[]}",
                "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"k1\",\"k\":\"AAAA\"}]}",
                "<html>"
            })
    void refusesABadSetAndKeepsTheLastGoodOne(String body) {
        serves(K1.jwk(""));
        found("k1", "RS256");
        endpoint.publishes(PATH, json(body));
        time.passes(KeySet.REFRESH);

        assertThat(found("k1", "RS256")).isEqualTo(1);
        assertThat(found("k1", "RS256")).isEqualTo(1);
        assertThat(endpoint.count()).as("one attempt in 30 seconds").isEqualTo(2);
    }

    @Test
    void refusesAnErrorAndKeepsTheLastGoodOne() {
        serves(K1.jwk(""));
        found("k1", "RS256");
        for (CallResult result : List.of(answer(500, ""), failed(CallResult.Cause.TOO_LARGE))) {
            endpoint.publishes(PATH, result);
            time.passes(KeySet.REFRESH);
            found("k1", "RS256");
        }
        broken = true;
        time.passes(KeySet.REFRESH);

        assertThat(found("k1", "RS256")).isEqualTo(1);
        assertThat(endpoint.count()).isEqualTo(3);
    }

    @Test
    void triesAgainSoonWhenNothingIsKnown() {
        endpoint.publishes(PATH, failed(CallResult.Cause.REFUSED));
        assertThat(found("k1", "RS256")).isZero();
        assertThat(found("k1", "RS256")).isZero();
        assertThat(endpoint.count()).isEqualTo(1);

        serves(K1.jwk(""));
        time.passes(Duration.ofSeconds(1));

        assertThat(found("k1", "RS256")).isEqualTo(1);
    }

    @Test
    void asksAgainWhenTheAuthorityChanges() {
        serves(K1.jwk(""));
        found("k1", "RS256");
        time.passes(KeySet.PAUSE);
        endpoint.publishes("/other", json(SignerFixture.set(K1.jwk(""))));

        Authority moved = new Authority(AUTHORITY.issuer(), AUTHORITY.target(), "/other");
        assertThat(keys.find(moved, "k1", "RS256", LONG).join()).hasSize(1);
        assertThat(endpoint.call(1).requestTarget()).isEqualTo("/other");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"use\":\"enc\"",
                ",\"use\":1",
                ",\"key_ops\":[\"sign\"]",
                ",\"alg\":\"ES256\"",
                ",\"alg\":\"none\"",
                ",\"alg\":1"
            })
    void refusesKeysThatAreForSomethingElse(String members) {
        serves(K1.jwk(members), K2.jwk(""));

        assertThat(found("k1", "RS256")).isZero();
        assertThat(found("k2", "ES256")).as("the others count").isEqualTo(1);
    }

    @Test
    void refusesKeysThatAreTooShortOrBroken() {
        serves(
                SignerFixture.weak("k1").jwk(""),
                "{\"kty\":\"RSA\",\"kid\":\"k1\",\"n\":\"AQAB\"}",
                "{\"kty\":\"EC\",\"kid\":\"k1\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}",
                "{\"kty\":\"EC\",\"kid\":\"k1\",\"crv\":\"secp256k1\",\"x\":\"AA\",\"y\":\"AA\"}",
                "{\"kty\":\"OKP\",\"kid\":\"k1\",\"crv\":\"Ed25519\",\"x\":\"AA\"}",
                "{\"kty\":\"OKP\",\"kid\":\"k1\",\"crv\":\"X25519\",\"x\":\"AA\"}",
                "{\"kty\":\"what\",\"kid\":\"k1\"}",
                "{}",
                K2.jwk(""));

        for (String algorithm : List.of("RS256", "PS256", "ES256", "EdDSA")) {
            assertThat(found("k1", algorithm)).isZero();
        }
        assertThat(found("k2", "ES256")).isEqualTo(1);
    }

    @Test
    void limitsTheAlgorithmsOfAKey() {
        serves(K1.jwk(",\"alg\":\"PS256\""), K2.jwk(""));

        assertThat(found("k1", "RS256")).isZero();
        assertThat(found("k1", "PS256")).isEqualTo(1);
        assertThat(found("k2", "ES384")).isZero();
    }

    @Test
    void refusesSetsOfTooManyKeys() {
        String[] many = new String[101];
        java.util.Arrays.fill(many, K2.jwk(""));
        serves(many);

        assertThat(found("k2", "ES256")).isZero();
    }

    @Test
    void triesFewKeysForAnAnswerThatNamesNone() {
        String[] many = new String[20];
        java.util.Arrays.fill(many, K2.jwk(""));
        serves(many);

        assertThat(found(null, "ES256")).isEqualTo(8);
    }
}
