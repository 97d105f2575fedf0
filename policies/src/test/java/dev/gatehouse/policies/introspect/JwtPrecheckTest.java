package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.policies.introspect.server.TimeFixture;
import dev.gatehouse.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that tell themselves that they are no good, and those that only look so. */
class JwtPrecheckTest {
    private static final long NOW = TimeFixture.START_SECONDS;

    private final ContextFixture context = new ContextFixture();

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String jwt(String payload) {
        return encoded("{\"alg\":\"RS256\"}") + "." + encoded(payload) + "." + encoded("no signature");
    }

    private int status(Policy policy, String token) {
        var exchange = ExchangeFixture.get("/").bearer(token).run(policy);
        assertThat(exchange.failure()).isNull();
        return exchange.reply() == null ? 0 : exchange.reply().status();
    }

    private Policy policy(String claims) {
        return context.policy("jwtPrecheck: true\nclaims: " + claims);
    }

    @ParameterizedTest
    @CsvSource({"-5,401", "-4,0", "-5.5,401", "0,0", "3600,0"})
    void refusesAnExpiredTokenWithoutACall(String offset, int status) {
        String token = jwt("{\"exp\":" + (NOW + Double.parseDouble(offset)) + "}");
        context.endpoint.token(token, "{\"active\":true}");

        assertThat(status(policy("{clockSkew: 5}"), token)).isEqualTo(status);
        assertThat(context.endpoint.count()).isEqualTo(status == 0 ? 1 : 0);
    }

    @Test
    void asksForATokenWithAForgedEnd() {
        assertThat(status(policy("{}"), jwt("{\"exp\":99999999999}"))).isEqualTo(401);
        assertThat(context.endpoint.count()).isEqualTo(1);
    }

    @Test
    void isNoStricterThanTheGraceAfterTheEnd() {
        String token = jwt("{\"exp\":" + (NOW - 20) + "}");
        context.endpoint.token(token, "{\"active\":true,\"exp\":" + (NOW - 20) + "}");

        assertThat(status(policy("{clockSkew: 0, expSkew: 30}"), token)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "https://as.example.com,0",
        "https://other.example.com,0",
        "https://evil.example.com,401",
        "https://as.example.com/,401"
    })
    void refusesAForeignIssuerWithoutACall(String issuer, int status) {
        String token = jwt("{\"iss\":\"" + issuer + "\"}");
        context.endpoint.token(token, "{\"active\":true,\"iss\":\"" + issuer + "\"}");

        assertThat(status(policy("{issuer: ['https://as.example.com', 'https://other.example.com']}"), token))
                .isEqualTo(status);
        assertThat(context.endpoint.count()).isEqualTo(status == 0 ? 1 : 0);
    }

    @Test
    void asksForAnyIssuerWhenNoneIsConfigured() {
        assertThat(status(policy("{}"), jwt("{\"iss\":\"https://evil.example.com\"}")))
                .isEqualTo(401);
        assertThat(context.endpoint.count()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "opaque",
                "a.b",
                "..",
                ".e30.",
                "a.eyJleHAiOjF9",
                "a.eyJleHAiOjF9.b.c",
                "a.eyJleHAiOjF9.b.c.d",
                "a.%.b",
                "a.eyJleHAiOjF9fQ.b",
                "a.bm8ganNvbg.b",
                "a.eyJleHAiOiIxIn0.b",
                "a.eyJleHAiOm51bGx9.b",
                "a.eyJleHAiOjEsImV4cCI6MX0.b",
            })
    void asksForWhatItCannotRead(String token) {
        context.endpoint.token(token, "{\"active\":true}");

        assertThat(status(policy("{}"), token)).isZero();
        assertThat(context.endpoint.count()).isEqualTo(1);
    }

    @Test
    void asksForAPayloadThatIsTooLong() {
        String token = jwt("{\"exp\":1,\"x\":\"" + "x".repeat(13_000) + "\"}");
        context.endpoint.token(token, "{\"active\":true}");

        assertThat(status(context.policy("jwtPrecheck: true\nmaxTokenLength: 100000"), token))
                .isZero();
    }

    @Test
    void isOffByDefault() {
        status(context.policy(""), jwt("{\"exp\":1}"));

        assertThat(context.endpoint.count()).isEqualTo(1);
    }

    @Test
    void tellsExpiredTokensFromOthersInTheLogOnly() {
        var exchange = ExchangeFixture.get("/").bearer(jwt("{\"exp\":1}")).run(policy("{}"));

        assertThat(exchange.auth().reason()).isEqualTo("expired");
        assertThat(exchange.auth().tokenFingerprint()).isNotNull();
        assertThat(Objects.requireNonNull(exchange.reply()).headers().get("www-authenticate"))
                .contains("error=\"invalid_token\"")
                .doesNotContain("expired");
    }
}
