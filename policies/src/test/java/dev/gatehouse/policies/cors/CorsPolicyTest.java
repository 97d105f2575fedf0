package dev.gatehouse.policies.cors;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policies.StepFixture;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.Verdict;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CorsPolicyTest {
    private static final String APP = "https://app.example.com";

    private final StepFixture step = StepFixture.of("cors");

    private HttpHeaders answer(String yaml, String origin, String... service) {
        ExchangeFixture exchange =
                ExchangeFixture.get("/").header("origin", origin).run(step.policy(yaml));
        assertThat(exchange.hasRunOut()).isTrue();
        return exchange.respond(200, service).headers();
    }

    private HttpResponse preflight(String yaml) {
        return preflight().run(step.policy(yaml)).respondWithReply();
    }

    private static ExchangeFixture preflight() {
        return ExchangeFixture.request("OPTIONS", "/")
                .header("origin", APP)
                .header("access-control-request-method", "PUT")
                .header("access-control-request-headers", "X-A, Content-Type");
    }

    private static String allowed(HttpHeaders headers) {
        return String.valueOf(headers.get("access-control-allow-origin"));
    }

    private static List<String> names(HttpHeaders headers) {
        List<String> names = new ArrayList<>();
        headers.forEach(field -> names.add(field.getKey().toLowerCase(Locale.ROOT)));
        return names;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | https://any.test | * | null",
                "{origin: '*'} | https://any.test | * | null",
                "{origin: https://app.example.com} | https://evil.test | https://app.example.com | Origin",
                "{origin: true} | https://any.test | https://any.test | Origin",
                "{origin: ['https://a.test', 'https://b.test']} | https://b.test | https://b.test | Origin",
                "{origin: ['https://a.test', 'https://b.test']} | https://B.test | null | Origin",
                "{origin: ['https://a.test']} | https://a.test.evil.test | null | Origin",
                "{origin: []} | https://a.test | null | Origin",
                "{origin: !!js/regexp '/\\.example\\.com$/'} | https://app.example.com | https://app.example.com | Origin",
                "{origin: !!js/regexp '/\\.EXAMPLE\\.com$/i'} | https://app.example.com | https://app.example.com | Origin",
                "{origin: !!js/regexp '/\\.example\\.com$/'} | https://app.example.com.evil.test | null | Origin",
                "{origin: ['https://a.test', !!js/regexp '/b\\.test$/']} | https://b.test | https://b.test | Origin"
            })
    void allowsOrigins(String yaml, String origin, String expected, String vary) {
        HttpHeaders headers = answer(yaml, origin);

        assertThat(allowed(headers)).isEqualTo(expected);
        assertThat(String.valueOf(headers.get("vary"))).isEqualTo(vary);
    }

    @Test
    void matchesTheSamePatternAgainAndAgain() {
        var policy = step.policy("origin: !!js/regexp '/example\\.com$/g'");

        for (int i = 0; i < 3; i++) {
            ExchangeFixture exchange =
                    ExchangeFixture.get("/").header("origin", APP).run(policy);
            assertThat(allowed(exchange.respond(200).headers())).isEqualTo(APP);
        }
    }

    @Test
    void refusesTwoOriginsAndOneThatIsTooLong() {
        var policy = step.policy("origin: true");
        ExchangeFixture two = ExchangeFixture.get("/")
                .header("origin", APP)
                .header("origin", "https://evil.test")
                .run(policy);
        ExchangeFixture lengthy = ExchangeFixture.get("/")
                .header("origin", "https://" + "a".repeat(505))
                .run(policy);
        ExchangeFixture longest = ExchangeFixture.get("/")
                .header("origin", "https://" + "a".repeat(504))
                .run(policy);

        assertThat(allowed(two.respond(200).headers())).isEqualTo("null");
        assertThat(allowed(lengthy.respond(200).headers())).isEqualTo("null");
        assertThat(allowed(longest.respond(200).headers())).startsWith("https://a");
    }

    @Test
    void refusesTheOriginWhenItsPatternTakesTooLong() {
        HttpHeaders headers = answer("origin: !!js/regexp '/^(a+)+$/'", "a".repeat(60) + "!");

        assertThat(allowed(headers)).isEqualTo("null");
        assertThat(headers.get("vary")).isEqualTo("Origin");
    }

    @Test
    void answersAPreflightInTheOrderOfExpressGateway() {
        HttpResponse response = preflight("""
                origin: https://app.example.com
                credentials: true
                maxAge: 600
                exposedHeaders: [X-Total, X-Page]
                """);

        assertThat(response.status().code()).isEqualTo(204);
        assertThat(names(response.headers()))
                .filteredOn(name -> !name.equals("vary"))
                .containsExactly(
                        "access-control-allow-origin",
                        "access-control-allow-credentials",
                        "access-control-allow-methods",
                        "access-control-allow-headers",
                        "access-control-max-age",
                        "access-control-expose-headers");
        assertThat(response.headers().get("vary")).isEqualTo("Origin, Access-Control-Request-Headers");
        assertThat(response.headers().get("access-control-allow-methods")).isEqualTo("GET,HEAD,PUT,PATCH,POST,DELETE");
        assertThat(response.headers().get("access-control-allow-headers")).isEqualTo("X-A, Content-Type");
        assertThat(response.headers().get("access-control-max-age")).isEqualTo("600");
        assertThat(response.headers().get("access-control-expose-headers")).isEqualTo("X-Total,X-Page");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{methods: 'GET,POST'} | access-control-allow-methods | GET,POST",
                "{methods: [GET, DELETE]} | access-control-allow-methods | GET,DELETE",
                "{methods: []} | access-control-allow-methods | null",
                "{allowedHeaders: [X-One, X-Two]} | access-control-allow-headers | X-One,X-Two",
                "{allowedHeaders: 'X-One,X-Two'} | access-control-allow-headers | X-One,X-Two",
                "{allowedHeaders: []} | access-control-allow-headers | null",
                "{allowedHeaders: ''} | access-control-allow-headers | X-A, Content-Type",
                "{allowedHeaders: [X-One]} | vary | null",
                "{exposedHeaders: X-Total} | access-control-expose-headers | X-Total",
                "{maxAge: 0} | access-control-max-age | 0",
                "{maxAge: -1} | access-control-max-age | -1",
                "{credentials: false} | access-control-allow-credentials | null"
            })
    void describesWhatIsAllowed(String yaml, String header, String expected) {
        assertThat(String.valueOf(preflight(yaml).headers().get(header))).isEqualTo(expected);
    }

    @Test
    void answersAnyOptionsRequest() {
        ExchangeFixture exchange =
                ExchangeFixture.request("OPTIONS", "/").run(step.policy("optionsSuccessStatus: 200"));

        Reply reply = requireNonNull(exchange.reply(), "no answer");
        HttpHeaders headers = exchange.respondWithReply().headers();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.refusal()).isNull();
        assertThat(headers.contains("access-control-allow-headers")).isFalse();
        assertThat(headers.contains("content-type")).isFalse();
        assertThat(headers.get("vary")).isEqualTo("Access-Control-Request-Headers");
    }

    @Test
    void letsThePreflightGoOnWhereThatIsWanted() {
        ExchangeFixture exchange = preflight().run(step.policy("preflightContinue: true"));

        HttpHeaders headers = exchange.respond(200, "access-control-allow-methods", "GET", "content-type", "a/b")
                .headers();

        assertThat(exchange.reply()).isNull();
        assertThat(exchange.hasRunOut()).isTrue();
        assertThat(headers.getAll("access-control-allow-methods")).containsExactly("GET");
        assertThat(headers.get("access-control-allow-headers")).isEqualTo("X-A, Content-Type");
        assertThat(headers.get("content-type")).isEqualTo("a/b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"origin: false", "origin: ''", "origin:"})
    void doesNothingWithoutAnOrigin(String yaml) {
        ExchangeFixture exchange = preflight().run(step.policy(yaml));

        assertThat(exchange.reply()).isNull();
        assertThat(exchange.hasRunOut()).isTrue();
        assertThat(exchange.respond(200).headers()).isEmpty();
    }

    @Test
    void leavesTheHeadersOfTheServiceAndItsVary() {
        HttpHeaders headers = answer(
                "{origin: 'https://app.example.com', exposedHeaders: X-Total}",
                APP,
                "access-control-allow-origin",
                "https://service.test",
                "vary",
                "Accept");

        assertThat(headers.getAll("access-control-allow-origin")).containsExactly("https://service.test");
        assertThat(headers.get("vary")).isEqualTo("Accept");
        assertThat(headers.get("access-control-expose-headers")).isEqualTo("X-Total");
    }

    @Test
    void replacesTheHeadersOfTheServiceWhereThatIsWanted() {
        HttpHeaders headers = answer(
                "{origin: ['https://a.test'], override: true}",
                APP,
                "access-control-allow-origin",
                "*",
                "Access-Control-Allow-Credentials",
                "true",
                "vary",
                "Accept");

        assertThat(names(headers)).containsExactly("vary");
        assertThat(headers.get("vary")).isEqualTo("Accept, Origin");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"Accept | Accept, Origin", "origin | origin", "* | *", "a,ORIGIN | a,ORIGIN"})
    void addsToTheVaryOfTheService(String vary, String expected) {
        assertThat(answer("origin: true", APP, "vary", vary).get("vary")).isEqualTo(expected);
    }

    @Test
    void describesAlsoRefusalsOfLaterPolicies() {
        ExchangeFixture exchange = ExchangeFixture.get("/")
                .header("origin", APP)
                .run(step.policy("origin: true"), refused -> Verdict.reply(Reply.refuse(Refusal.NO_CREDENTIALS)));

        assertThat(allowed(exchange.respondWithReply().headers())).isEqualTo(APP);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{origin: 5} | E0472 | 1 | 10",
                "{origin: {a: b}} | E0472 | 1 | 10",
                "{origin: ['https://a.test', 5]} | E0472 | 1 | 29",
                "{origin: [[a]]} | E0472 | 1 | 11",
                "{origin: [~]} | E0472 | 1 | 11",
                "{origin: \"https://a.test\\r\\nX: y\"} | E0473 | 1 | 10",
                "{origin: ['https://a b.test']} | E0473 | 1 | 11",
                "{orgin: '*'} | E0204 | 1 | 2",
                "{methods: {a: b}} | E0202 | 1 | 11",
                "{methods: [GET, [a]]} | E0202 | 1 | 17",
                "{methods: 'GET;POST'} | E0203 | 1 | 11",
                "{method: GET} | E0204 | 1 | 2",
                "{allowedHeaders: {a: b}} | E0202 | 1 | 18",
                "{allowedHeaders: \"x\\r\\ny\"} | E0203 | 1 | 18",
                "{allowHeaders: x} | E0204 | 1 | 2",
                "{exposedHeaders: {a: b}} | E0202 | 1 | 18",
                "{exposedHeaders: ['x y']} | E0203 | 1 | 18",
                "{exposeHeaders: x} | E0204 | 1 | 2",
                "{credentials: maybe} | E0203 | 1 | 15",
                "{credential: true} | E0204 | 1 | 2",
                "{maxAge: long} | E0203 | 1 | 10",
                "{maxAge: -2} | E0203 | 1 | 10",
                "{maxage: 1} | E0204 | 1 | 2",
                "{optionsSuccessStatus: ok} | E0203 | 1 | 24",
                "{optionsSuccessStatus: 199} | E0203 | 1 | 24",
                "{optionsSuccessStatus: 300} | E0203 | 1 | 24",
                "{optionSuccessStatus: 200} | E0204 | 1 | 2",
                "{preflightContinue: maybe} | E0203 | 1 | 21",
                "{preflightContinu: true} | E0204 | 1 | 2",
                "{override: maybe} | E0203 | 1 | 12",
                "{overide: true} | E0204 | 1 | 2"
            })
    void refusesAFileThatCannotWork(String yaml, String code, int line, int column) {
        assertThatThrownBy(() -> step.policy(yaml)).isInstanceOfSatisfying(ConfigProblem.class, refused -> {
            assertThat(refused.problem().code()).isEqualTo(code);
            assertThat(refused.problem().span()).extracting("line", "column").containsExactly(line, column);
        });
    }

    @Test
    void refusesAListWithEveryMistakeInIt() {
        assertThatThrownBy(() -> step.policy("origin: [!!js/regexp '/a(/', 'https://a.test', 5, 'x y']"))
                .isInstanceOfSatisfying(
                        ConfigProblem.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo("E0471"));

        assertThat(step.codes()).containsExactly("E0472", "E0473");
    }

    @Test
    void refusesAPatternThatIsNone() {
        assertThatThrownBy(() -> step.policy("origin: [!!js/regexp '/[z-a]/']"))
                .isInstanceOfSatisfying(ConfigProblem.class, refused -> {
                    assertThat(refused.problem().code()).isEqualTo("E0471");
                    assertThat(refused.problem().span()).isNotNull();
                    assertThat(refused.problem().hints()).isNotEmpty();
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{credentials: true} | W0471",
                "{credentials: true, origin: true} | W0471",
                "{origin: ''} | W0472",
                "{origin: app.example.com} | W0473",
                "{origin: 'https://app.example.com/'} | W0473",
                "{origin: 'https://App.example.com'} | W0473",
                "{origin: ['*']} | W0473",
                "{origin: !!js/regexp '/example\\.com/'} | W0474"
            })
    void warnsOfWhatIsDangerousOrUseless(String yaml, String code) {
        step.policy(yaml);

        assertThat(step.codes()).containsExactly(code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "origin: false",
                "origin: 'http://localhost:3000'",
                "origin: 'http://[::1]:3000'",
                "origin: 'null'",
                "origin: ['https://a.test', 'capacitor://localhost']",
                "{credentials: true, origin: 'https://a.test'}"
            })
    void acceptsWhatIsUsual(String yaml) {
        step.policy(yaml);

        assertThat(step.codes()).isEmpty();
    }
}
