package dev.gatehouse.policies.introspect.credentials;

import static dev.gatehouse.policies.introspect.server.EndpointFixture.answer;
import static dev.gatehouse.policies.introspect.server.EndpointFixture.failed;
import static dev.gatehouse.policies.introspect.server.EndpointFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.Target;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.policies.introspect.report.Cause;
import dev.gatehouse.policies.introspect.server.EndpointFixture;
import dev.gatehouse.policies.introspect.server.TimeFixture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The token that the gateway fetches for itself. */
class OwnTokenTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final TimeFixture time = new TimeFixture();
    private final EndpointFixture endpoint = new EndpointFixture();
    private final OwnToken own = own("s%:&ecret", null);

    private OwnToken own(String secret, @Nullable String scope) {
        TokenEndpoint where = new TokenEndpoint(
                new Target("as.example.com", 443, null),
                "/token?x=1",
                "gate:way",
                new Secret(secret),
                scope,
                LONG,
                LONG);
        return new OwnToken(where, endpoint, time);
    }

    private static CallResult granted(String token, String more) {
        return json("{\"access_token\":\"" + token + "\",\"token_type\":\"Bearer\"" + more + "}");
    }

    private Presented present() {
        return own.present(LONG)
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private static String header(Presented presented) {
        return Objects.requireNonNull(((Credentials) presented).header()).reveal();
    }

    @Test
    void isFetchedWithClientCredentials() {
        endpoint.always(granted("own-1", ",\"expires_in\":60"));

        assertThat(header(present())).isEqualTo("Bearer own-1");

        HttpCall call = endpoint.call(0);
        assertThat(call.method().name()).isEqualTo("POST");
        assertThat(call.requestTarget()).isEqualTo("/token?x=1");
        assertThat(endpoint.body(0)).isEqualTo("grant_type=client_credentials");
        assertThat(call.headers().get("accept")).isEqualTo("application/json");
        assertThat(call.headers().get("content-type")).isEqualTo("application/x-www-form-urlencoded");
        String pair = new String(
                Base64.getDecoder().decode(call.headers().get("authorization").substring("Basic ".length())),
                StandardCharsets.US_ASCII);
        assertThat(pair).isEqualTo("gate%3Away:s%25%3A%26ecret");
    }

    @Test
    void asksForAScope() {
        endpoint.always(granted("own-1", ""));

        own("s", "introspect all").present(LONG).toCompletableFuture().join();

        assertThat(endpoint.parameter(0, "scope")).containsExactly("introspect all");
    }

    @Test
    void isUsedUntilTenSecondsBeforeItsEnd() {
        endpoint.always(granted("own-1", ",\"expires_in\":60"));

        present();
        time.passes(Duration.ofMillis(49_999));
        present();
        assertThat(endpoint.count()).isEqualTo(1);
        time.passes(Duration.ofMillis(1));
        present();

        assertThat(endpoint.count()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''|49", "|49", ",\"expires_in\":null|49", ",\"expires_in\":1e300|86389"})
    void isNotUsedForeverWhenItsEndIsUnsaid(@Nullable String more, long seconds) {
        endpoint.always(granted("own-1", more == null ? "" : more));

        present();
        time.passes(Duration.ofSeconds(seconds));
        present();
        assertThat(endpoint.count()).isEqualTo(1);
        time.passes(Duration.ofSeconds(1));
        present();

        assertThat(endpoint.count()).isEqualTo(2);
    }

    @Test
    void isFetchedOnceForAllWhoWait() {
        endpoint.always(granted("own-1", ",\"expires_in\":60")).hold();

        CompletableFuture<Presented> first = own.present(LONG).toCompletableFuture();
        CompletableFuture<Presented> second = own.present(LONG).toCompletableFuture();
        assertThat(first).isNotDone();
        endpoint.letGo();

        assertThat(first.join()).isEqualTo(second.join()).isInstanceOf(Credentials.class);
        assertThat(endpoint.count()).isEqualTo(1);
    }

    @Test
    void refusesToWaitLongerThanTheCallMayTake() {
        endpoint.always(granted("own-1", ",\"expires_in\":60")).hold();

        CompletableFuture<Presented> hasty = own.present(Duration.ofMillis(20)).toCompletableFuture();
        CompletableFuture<Presented> patient = own.present(LONG).toCompletableFuture();

        assertThat(hasty.orTimeout(10, TimeUnit.SECONDS).join())
                .isEqualTo(new Presented.Missing(Cause.RESPONSE_TIMEOUT));
        assertThat(patient).isNotDone();
        endpoint.letGo();
        assertThat(patient.join()).isInstanceOf(Credentials.class);
    }

    @Test
    void isNotFetchedAgainRightAfterAFailure() {
        endpoint.always(failed(CallResult.Cause.REFUSED));

        assertThat(present()).isEqualTo(new Presented.Missing(Cause.REFUSED));
        assertThat(present()).isEqualTo(new Presented.Missing(Cause.REFUSED));
        assertThat(endpoint.count()).isEqualTo(1);

        time.passes(Duration.ofSeconds(1));
        endpoint.always(granted("own-1", ",\"expires_in\":60"));
        assertThat(header(present())).isEqualTo("Bearer own-1");
    }

    @ParameterizedTest
    @CsvSource({
        "400, CREDENTIALS",
        "401, CREDENTIALS",
        "403, CREDENTIALS",
        "429, RATE_LIMITED",
        "500, STATUS",
        "503, STATUS",
        "404, UNUSABLE",
        "302, UNUSABLE",
        "201, UNUSABLE"
    })
    void refusesEveryOtherStatus(int status, Cause cause) {
        endpoint.always(answer(status, "{\"access_token\":\"x\",\"token_type\":\"Bearer\"}"));

        assertThat(present()).isEqualTo(new Presented.Missing(cause));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"access_token\":\"x\"}",
                "{\"access_token\":\"\",\"token_type\":\"Bearer\"}",
                "{\"access_token\":\"a b\",\"token_type\":\"Bearer\"}",
                "{\"access_token\":\"a\\r\\nX-Evil: 1\",\"token_type\":\"Bearer\"}",
                "{\"access_token\":7,\"token_type\":\"Bearer\"}",
                "{\"access_token\":\"x\",\"token_type\":\"DPoP\"}",
                "{\"access_token\":\"x\",\"token_type\":\"Bearer\",\"expires_in\":\"soon\"}",
                "{\"access_token\":\"x\",\"token_type\":\"Bearer\",\"expires_in\":-1}",
                "{\"access_token\":\"x\",\"access_token\":\"y\",\"token_type\":\"Bearer\"}",
            })
    void refusesAnAnswerThatHoldsNoToken(String body) {
        endpoint.always(json(body));

        assertThat(present()).isEqualTo(new Presented.Missing(Cause.UNUSABLE));
    }

    @Test
    void refusesAnAnswerThatIsNotJson() {
        endpoint.always(answer(200, "{\"access_token\":\"x\",\"token_type\":\"Bearer\"}", "content-type", "text/html"));

        assertThat(present()).isEqualTo(new Presented.Missing(Cause.UNUSABLE));
    }

    @Test
    void refusesWhenTheCallBreaks() {
        endpoint.breaks();

        assertThat(present()).isEqualTo(new Presented.Missing(Cause.INTERNAL));
    }

    @Test
    void isRenewedOnceForAllWhoWereRefused() {
        endpoint.always(granted("own-1", ",\"expires_in\":60"));
        Credentials refused = (Credentials) present();
        endpoint.always(granted("own-2", ",\"expires_in\":60"));

        assertThat(own.renew(refused)).isTrue();
        assertThat(header(present())).isEqualTo("Bearer own-2");
        assertThat(own.renew(refused)).isTrue();
        assertThat(header(present())).isEqualTo("Bearer own-2");

        assertThat(endpoint.count()).isEqualTo(2);
    }

    @Test
    void isNotRenewedAgainWhenThatDidNotHelp() {
        endpoint.always(granted("own-1", ",\"expires_in\":600"));
        assertThat(own.renew((Credentials) present())).isTrue();

        assertThat(own.renew((Credentials) present())).isFalse();
        present();
        assertThat(endpoint.count()).isEqualTo(2);

        time.passes(Duration.ofSeconds(5));
        assertThat(own.renew((Credentials) present())).isTrue();
    }

    @Test
    void showsNeitherSecretNorToken() {
        endpoint.always(granted("own-1", ",\"expires_in\":60"));

        assertThat(present().toString()).doesNotContain("own-1");
        assertThat(String.valueOf((Object) own)).doesNotContain("ecret");
    }
}
