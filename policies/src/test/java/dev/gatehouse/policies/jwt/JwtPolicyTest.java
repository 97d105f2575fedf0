package dev.gatehouse.policies.jwt;

import static dev.gatehouse.policies.jwt.TokenFixture.SECRET;
import static dev.gatehouse.policies.jwt.TokenFixture.encoded;
import static dev.gatehouse.policies.jwt.TokenFixture.token;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exchange.AuthTrail;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policies.StepFixture;
import dev.gatehouse.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtPolicyTest {
    private static final long NOW = StepFixture.NOW.getEpochSecond();
    private static final String GOOD = token("{\"sub\":\"alice\"}");

    private final StepFixture step = StepFixture.of("jwt");

    private Policy policy(String... options) {
        return step.policy(
                "secretOrPublicKey: '" + SECRET + "'\ncheckCredentialExistence: false\n" + String.join("\n", options));
    }

    private ExchangeFixture run(String token, String... options) {
        return ExchangeFixture.get("/").bearer(token).run(policy(options));
    }

    private static void assertRefused(ExchangeFixture exchange, String reason) {
        Reply reply = requireNonNull(exchange.reply());
        assertThat(reply.status()).isEqualTo(401);
        assertThat(exchange.auth().result()).isEqualTo(AuthTrail.Result.DENIED);
        assertThat(exchange.auth().reason()).isEqualTo(reason);
        assertThat(exchange.identity()).isNull();
        assertThat(exchange.hasRunOut()).isFalse();
    }

    @Test
    void knowsWhoSentASignedToken() {
        ExchangeFixture exchange = run(token("{\"sub\":\"alice\",\"roles\":[\"a\",1]}"));

        assertThat(exchange.hasRunOut()).isTrue();
        assertThat(requireNonNull(exchange.identity()).claims())
                .isEqualTo(Map.of("sub", "alice", "roles", java.util.List.of("a", 1L)));
        assertThat(exchange.auth().result()).isEqualTo(AuthTrail.Result.OK);
        assertThat(exchange.request().headers().get("authorization")).startsWith("Bearer ey");
        assertThat(exchange.request().headers().contains("eg-consumer-id")).isFalse();
    }

    @Test
    void tellsTheServiceTheIdAndNoForgedOne() {
        ExchangeFixture named = ExchangeFixture.get("/")
                .bearer(token("{\"id\":\"42\"}"))
                .header("eg-consumer-id", "admin")
                .run(policy());
        ExchangeFixture unnamed = ExchangeFixture.get("/")
                .bearer(GOOD)
                .header("eg-consumer-id", "admin")
                .run(policy());

        assertThat(named.request().headers().getAll("eg-consumer-id")).containsExactly("42");
        assertThat(unnamed.request().headers().contains("eg-consumer-id")).isFalse();
        assertThat(step.ownedHeaders()).contains("eg-consumer-id");
    }

    @Test
    void tellsNoIdThatIsNoFieldValue() {
        ExchangeFixture exchange = run(token("{\"id\":\"a\\r\\nx-admin: 1\"}"));

        assertThat(exchange.request().headers().contains("eg-consumer-id")).isFalse();
        assertThat(exchange.hasRunOut()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void acceptsEveryHashForASecret(String algorithm) {
        assertThat(run(token(algorithm, SECRET, "{}")).hasRunOut()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 31, 32, 33, 63, 64, 65, 127, 128, 129, 200})
    void acceptsSecretsOfEveryLength(int length) {
        String secret = "k".repeat(length);
        Policy policy =
                StepFixture.of("jwt").policy("secretOrPublicKey: '" + secret + "'\ncheckCredentialExistence: false");

        for (String algorithm : new String[] {"HS256", "HS384", "HS512"}) {
            assertThat(ExchangeFixture.get("/")
                            .bearer(token(algorithm, secret, "{}"))
                            .run(policy)
                            .hasRunOut())
                    .isTrue();
        }
        assertRefused(
                ExchangeFixture.get("/")
                        .bearer(token("HS256", secret + "x", "{}"))
                        .run(policy),
                "signature");
    }

    @Test
    void declaresItsGuard() {
        policy("algorithms: [HS384, HS512]");

        assertThat(step.guards()).containsExactly("jwt HS384, HS512 Infinity");
    }

    @Nested
    class Tokens {
        @Test
        void refusesAnotherSignature() {
            assertRefused(run(token("HS256", "another secret", "{}")), "signature");
        }

        @Test
        void refusesAChangedPayload() {
            String[] parts = GOOD.split("\\.", -1);

            assertRefused(run(parts[0] + '.' + encoded("{\"sub\":\"admin\"}") + '.' + parts[2]), "signature");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"none", "None", "NONE", "hs256", "HS256 ", "RS256", "ES256", "PS256", "EdDSA", "dir", ""})
        void refusesAlgorithmsThatDoNotGoWithTheKey(String algorithm) {
            var key = new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HMAC");

            assertRefused(run(TokenFixture.signed("HS256", key, "{\"alg\":\"" + algorithm + "\"}", "{}")), "algorithm");
        }

        @Test
        void refusesAnUnsignedToken() {
            assertRefused(run(encoded("{\"alg\":\"none\"}") + '.' + encoded("{}") + '.'), "ill_formed");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}",
                    "{\"alg\":\"HS256\",\"crit\":[]}",
                    "{\"alg\":\"HS256\",\"b64\":false}",
                    "{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}",
                    "{\"alg\":\"none\",\"alg\":\"HS256\"}",
                    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"typ\":\"x\"}",
                    "{\"alg\":\"HS256\"} {}",
                    "{\"alg\":\"HS256\",\"typ\":7}",
                    "[\"HS256\"]",
                    "\"HS256\"",
                    "{alg: HS256}",
                    "",
                })
        void refusesOddHeaders(String header) {
            var key = new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HMAC");

            assertRefused(run(TokenFixture.signed("HS256", key, header, "{}")), "ill_formed");
        }

        @ParameterizedTest
        @ValueSource(strings = {"{}", "{\"alg\":null}", "{\"alg\":[\"HS256\"]}", "{\"alg\":256}"})
        void refusesHeadersWithoutAlgorithm(String header) {
            var key = new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HMAC");

            assertRefused(run(TokenFixture.signed("HS256", key, header, "{}")), "algorithm");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"sub\":\"alice\",\"sub\":\"admin\"}",
                    "{\"a\":{\"b\":1,\"b\":2}}",
                    "{} {}",
                    "\"alice\"",
                    "[]",
                    "null",
                    "text",
                    "{\"exp\":NaN}",
                })
        void refusesPayloadsThatAreNotOneObject(String payload) {
            assertRefused(run(token(payload)), "ill_formed");
        }

        @Test
        void refusesDeepNesting() {
            String deep = "[".repeat(1000) + "]".repeat(1000);
            var key = new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HMAC");

            assertRefused(run(token("{\"a\":" + deep + "}")), "ill_formed");
            assertRefused(
                    run(TokenFixture.signed("HS256", key, "{\"alg\":\"HS256\",\"a\":" + deep + "}", "{}")),
                    "ill_formed");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "abc",
                    "a.b",
                    "a.b.c",
                    "..",
                    "a..c",
                    ".b.c",
                    "a.b.c.d.e",
                    "a.b.c.d",
                    "e30.e30.e30",
                    "ey+.e30.x"
                })
        void refusesWhatIsNoToken(String token) {
            ExchangeFixture exchange = run(token);

            assertThat(requireNonNull(exchange.reply()).status()).isEqualTo(401);
            assertThat(exchange.hasRunOut()).isFalse();
        }

        @Test
        void refusesTokensBeyondTheLongest() {
            String pad = "{\"pad\":\"" + "x".repeat(TokenVerifier.MAX_LENGTH) + "\"}";
            int room = TokenVerifier.MAX_LENGTH - token("").length();

            assertRefused(run(token(pad)), "ill_formed");
            assertThat(run(token("{\"p\":\"" + "x".repeat(room / 4 * 3 - 8) + "\"}"))
                            .hasRunOut())
                    .isTrue();
        }
    }

    @Nested
    class Claims {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{\"exp\":%d}|1|true|",
                    "{\"exp\":%d}|0|false|expired",
                    "{\"exp\":%d}|-1|false|expired",
                    "{\"exp\":%d.5}|0|true|",
                    "{\"nbf\":%d}|0|true|",
                    "{\"nbf\":%d}|-1|true|",
                    "{\"nbf\":%d}|1|false|not_yet",
                    "{\"nbf\":%d.5}|0|false|not_yet",
                    "{\"iat\":%d}|100|true|",
                })
        void comparesDatesWithoutTolerance(String claims, long offset, boolean passes, String reason) {
            ExchangeFixture exchange = run(token(String.format(java.util.Locale.ROOT, claims, NOW + offset)));

            assertThat(exchange.hasRunOut()).isEqualTo(passes);
            assertThat(exchange.auth().reason()).isEqualTo(reason);
        }

        @ParameterizedTest
        @ValueSource(strings = {"\"4102444800\"", "null", "true", "[4102444800]", "{}", "1e999"})
        void refusesDatesThatAreNone(String date) {
            assertRefused(run(token("{\"exp\":" + date + "}")), "ill_formed");
            assertRefused(run(token("{\"nbf\":" + date + "}")), "ill_formed");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{\"aud\":\"api\"}|true",
                    "{\"aud\":[\"x\",\"api\"]}|true",
                    "{\"aud\":\"other\"}|false",
                    "{\"aud\":[\"other\"]}|false",
                    "{\"aud\":[]}|false",
                    "{\"aud\":null}|false",
                    "{\"aud\":{\"api\":1}}|false",
                    "{\"aud\":\"API\"}|false",
                    "{}|false",
                })
        void refusesAnotherAudience(String claims, boolean passes) {
            ExchangeFixture exchange = run(token(claims), "audience: api");

            assertThat(exchange.hasRunOut()).isEqualTo(passes);
            assertThat(exchange.auth().reason()).isEqualTo(passes ? null : "audience");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{\"iss\":\"https://i.test\"}|true",
                    "{\"iss\":\"https://i.test/\"}|false",
                    "{\"iss\":[\"https://i.test\"]}|false",
                    "{}|false"
                })
        void refusesAnotherIssuer(String claims, boolean passes) {
            ExchangeFixture exchange = run(token(claims), "issuer: 'https://i.test'");

            assertThat(exchange.hasRunOut()).isEqualTo(passes);
            assertThat(exchange.auth().reason()).isEqualTo(passes ? null : "issuer");
        }
    }

    @Nested
    class Answers {
        @Test
        void asksForATokenWithoutAnError() {
            Reply reply = requireNonNull(ExchangeFixture.get("/").run(policy()).reply());

            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.headers().get("www-authenticate")).isEqualTo("Bearer realm=\"gateway\"");
            assertThat(reply.headers().get("cache-control")).isEqualTo("no-store");
        }

        @Test
        void tellsTheSameAboutEveryBadToken() {
            String expired = requireNonNull(run(token("{\"exp\":1}")).reply()).toString();
            String forged =
                    requireNonNull(run(token("HS256", "x", "{}")).reply()).toString();
            String challenge = requireNonNull(run("a.b.c").reply()).headers().get("www-authenticate");

            assertThat(expired).isEqualTo(forged);
            assertThat(challenge)
                    .isEqualTo("Bearer realm=\"gateway\", error=\"invalid_token\", "
                            + "error_description=\"The token is not valid.\"");
        }

        @Test
        void refusesTwoTokens() {
            ExchangeFixture exchange =
                    ExchangeFixture.get("/").bearer(GOOD).bearer(GOOD).run(policy());

            assertRefused(exchange, "malformed");
            assertThat(requireNonNull(exchange.reply()).error()).isEqualTo("invalid_request");
        }

        @Test
        void countsRefusalsByReason() {
            run(token("{\"exp\":1}"));

            assertThat(step.meters()
                            .get("gateway.policy.denials")
                            .tags("policy", "jwt", "reason", "expired")
                            .counter()
                            .count())
                    .isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "a.b.c"})
        void letsOthersThroughAsNobodyWhenToldTo(String token) {
            ExchangeFixture exchange = ExchangeFixture.get("/").header("eg-consumer-id", "admin");
            if (!token.isEmpty()) {
                exchange.bearer(token);
            }

            exchange.run(policy("passThrough: true"));

            assertThat(exchange.hasRunOut()).isTrue();
            assertThat(exchange.identity()).isNull();
            assertThat(exchange.request().headers().contains("eg-consumer-id")).isFalse();
            assertThat(exchange.respond(200).headers().get("eg-consumer-id")).isEqualTo("anonymous");
            assertThat(exchange.auth().result()).isEqualTo(AuthTrail.Result.NONE);
        }

        @Test
        void takesAmbiguousTokensOutOfAnonymousRequests() {
            ExchangeFixture exchange =
                    ExchangeFixture.get("/").bearer(GOOD).bearer("other").run(policy("passThrough: true"));

            assertThat(exchange.request().headers().contains("authorization")).isFalse();
            assertThat(exchange.identity()).isNull();
        }
    }

    @Nested
    class Places {
        @Test
        void findsTokenBehindAnotherScheme() {
            String[] options = {"jwtExtractor: authScheme", "jwtExtractorField: JWT"};
            ExchangeFixture good = ExchangeFixture.get("/")
                    .header("authorization", "jwt " + GOOD)
                    .run(policy(options));
            ExchangeFixture bearer = ExchangeFixture.get("/").bearer(GOOD).run(policy(options));

            assertThat(good.hasRunOut()).isTrue();
            assertRefused(bearer, "no_token");
            assertThat(requireNonNull(bearer.reply()).headers().get("www-authenticate"))
                    .startsWith("JWT realm=");
        }

        @ParameterizedTest
        @ValueSource(strings = {"x-jwt", "X-Jwt"})
        void findsTokenInAHeaderOfAnyLetterCase(String field) {
            String[] options = {"jwtExtractor: header", "jwtExtractorField: " + field};
            ExchangeFixture good =
                    ExchangeFixture.get("/").header("X-JWT", GOOD).run(policy(options));
            ExchangeFixture twice = ExchangeFixture.get("/")
                    .header("x-jwt", GOOD)
                    .header("x-jwt", GOOD)
                    .run(policy(options));

            assertThat(good.hasRunOut()).isTrue();
            assertRefused(twice, "malformed");
            assertRefused(ExchangeFixture.get("/").bearer(GOOD).run(policy(options)), "no_token");
            assertRefused(ExchangeFixture.get("/").header("x-jwt", "").run(policy(options)), "no_token");
        }

        @Test
        void findsTokenInTheQueryAndLeavesItThere() {
            String[] options = {"jwtExtractor: query", "jwtExtractorField: token"};
            ExchangeFixture good = ExchangeFixture.get("/a?token=" + GOOD).run(policy(options));
            ExchangeFixture twice =
                    ExchangeFixture.get("/a?token=" + GOOD + "&token=x").run(policy(options));

            assertThat(good.hasRunOut()).isTrue();
            assertThat(good.request().uri()).isEqualTo("/a?token=" + GOOD);
            assertThat(good.respond(200).headers().get("cache-control")).isEqualTo("private");
            assertRefused(twice, "malformed");
            assertRefused(ExchangeFixture.get("/a?access_token=" + GOOD).run(policy(options)), "no_token");
            assertRefused(ExchangeFixture.get("/a").bearer(GOOD).run(policy(options)), "no_token");
        }
    }
}
