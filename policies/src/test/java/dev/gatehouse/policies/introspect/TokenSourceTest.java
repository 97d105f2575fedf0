package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policies.introspect.options.token.TokenSource;
import dev.gatehouse.policy.Policy;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every place a token can be in, together and alone, and what the service gets of it. */
class TokenSourceTest {
    private static final String ALL = "tokenSources: [header, query, form,"
            + " {type: header, name: X-Access-Token, scheme: ''},"
            + " {type: cookie, name: session, unsafeMethods: allow}]\n";

    private final ContextFixture context = new ContextFixture();

    /** Where a request of a test carries its token. */
    enum Carrier {
        HEADER,
        QUERY,
        FORM,
        OWN_HEADER,
        COOKIE;

        static ExchangeFixture request(String first, Carrier one, String second, @Nullable Carrier other) {
            boolean query = one == QUERY || other == QUERY;
            String inQuery = one == QUERY ? first : second;
            var exchange = ExchangeFixture.request("POST", query ? "/x?a=1&access_token=" + inQuery : "/x?a=1");
            one.add(exchange, first);
            if (other != null) {
                other.add(exchange, second);
            }
            return exchange;
        }

        private void add(ExchangeFixture exchange, String token) {
            switch (this) {
                case HEADER -> exchange.header("authorization", "Bearer " + token);
                case QUERY -> {}
                case FORM -> form(exchange, "a=1&access_token=" + token + "&b=%zz+2");
                case OWN_HEADER -> exchange.header("x-access-token", token);
                case COOKIE -> exchange.header("cookie", "a=1; session=" + token + "; b=2");
            }
        }
    }

    private static ExchangeFixture form(ExchangeFixture exchange, String body) {
        return exchange.header("content-type", "application/x-www-form-urlencoded")
                .header("content-length", String.valueOf(body.length()))
                .body(body);
    }

    private static Stream<Arguments> pairs() {
        List<Arguments> pairs = new ArrayList<>();
        for (Carrier one : Carrier.values()) {
            for (Carrier other : Carrier.values()) {
                if (one.compareTo(other) < 0) {
                    pairs.add(Arguments.of(one, other, "t"));
                    pairs.add(Arguments.of(one, other, "u"));
                }
            }
        }
        return pairs.stream();
    }

    private static int status(ExchangeFixture exchange) {
        Reply reply = exchange.reply();
        assertThat(exchange.failure()).isNull();
        return reply == null ? 0 : reply.status();
    }

    private static String bodyOf(ExchangeFixture exchange) {
        return new String(Objects.requireNonNull(exchange.replacedBody()), StandardCharsets.ISO_8859_1);
    }

    @BeforeEach
    void knowsAToken() {
        context.endpoint.token("t", "{\"active\":true,\"sub\":\"alice\"}");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void refusesTokensInTwoPlaces(Carrier one, Carrier other, String second) {
        var exchange = Carrier.request("t", one, second, other).run(context.policy(ALL));

        assertThat(status(exchange)).isEqualTo(400);
        assertThat(context.endpoint.count()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Carrier.class)
    void acceptsATokenAnywhereAndMovesItIntoOneField(Carrier carrier) {
        var exchange = Carrier.request("t", carrier, "", null).run(context.policy(ALL));

        HttpHeaders sent = exchange.request().headers();
        assertThat(status(exchange)).isZero();
        assertThat(sent.getAll("authorization")).containsExactly("Bearer t");
        assertThat(exchange.request().uri()).isEqualTo("/x?a=1");
        assertThat(sent.get("cookie")).isEqualTo(carrier == Carrier.COOKIE ? "a=1; b=2" : null);
        if (carrier == Carrier.FORM) {
            assertThat(bodyOf(exchange)).isEqualTo("a=1&b=%zz+2");
            assertThat(sent.getAll("content-length")).containsExactly("11");
        }
        assertThat(exchange.respond(200).headers().get("cache-control"))
                .isEqualTo(carrier == Carrier.HEADER ? null : "private");
    }

    @ParameterizedTest
    @EnumSource(Carrier.class)
    void forwardsNoTokenAnywhereWhenTold(Carrier carrier) {
        var exchange = Carrier.request("t", carrier, "", null)
                .header("dpop", "proof")
                .run(context.policy(ALL + "forwardToken: none"));

        assertThat(status(exchange)).isZero();
        HttpHeaders sent = exchange.request().headers();
        assertThat(sent.contains("authorization") || sent.contains("x-access-token") || sent.contains("dpop"))
                .isFalse();
        assertThat(exchange.request().uri() + sent.get("cookie")).doesNotContain("access_token", "session");
        if (carrier == Carrier.FORM) {
            assertThat(bodyOf(exchange)).doesNotContain("access_token");
        }
    }

    @ParameterizedTest
    @EnumSource(Carrier.class)
    void hidesRefusedTokensFromTheServiceWhenTold(Carrier carrier) {
        var exchange = Carrier.request("%20%01", carrier, "", null)
                .run(context.policy(ALL + "passThrough: true\nforwardToken: none\ntokenFormat: b64token"));

        assertThat(status(exchange)).isZero();
        assertThat(exchange.identity()).isNull();
        HttpHeaders sent = exchange.request().headers();
        assertThat(sent.contains("authorization") || sent.contains("x-access-token"))
                .isFalse();
        assertThat(exchange.request().uri() + sent.get("cookie")).doesNotContain("access_token", "session");
    }

    @Nested
    class OwnHeader {
        @Test
        void refusesATokenThereAndInAuthorization() {
            Policy policy = context.policy("tokenSources: {type: header, name: X-Access-Token, scheme: ''}");

            var alone = ExchangeFixture.get("/").header("x-access-token", "t").run(policy);
            var both = ExchangeFixture.get("/")
                    .header("x-access-token", "t")
                    .bearer("t")
                    .run(policy);
            var elsewhere = ExchangeFixture.get("/").bearer("t").run(policy);

            assertThat(List.of(status(alone), status(both), status(elsewhere))).containsExactly(0, 400, 401);
        }

        @Test
        void takesAnotherNameForTheParameter() {
            var exchange = ExchangeFixture.get("/?token=t&access_token=other")
                    .run(context.policy("tokenSources: {type: query, name: token}"));

            assertThat(status(exchange)).isZero();
            assertThat(exchange.request().uri()).isEqualTo("/?access_token=other");
        }
    }

    @Nested
    class Form {
        private final Policy policy = context.policy("tokenSources: [header, form]\nformMaxBytes: 20");

        @ParameterizedTest
        @CsvSource({"t,0", "%74,0", "t+,401", "bad,401"})
        void readsAnEncodedToken(String token, int status) {
            var exchange = form(ExchangeFixture.request("PUT", "/"), "access_token=" + token);

            assertThat(status(exchange.run(policy))).isEqualTo(status);
        }

        @ParameterizedTest
        @ValueSource(strings = {"access_token=", "access_token", "access_token=%z"})
        void refusesAMalformedToken(String body) {
            assertThat(status(form(ExchangeFixture.request("POST", "/"), body).run(policy)))
                    .isEqualTo(400);
        }

        @Test
        void refusesTheSameParameterTwice() {
            Policy wide = context.policy("tokenSources: form");

            var exchange = form(ExchangeFixture.request("POST", "/"), "access_token=t&access%5ftoken=t");

            assertThat(status(exchange.run(wide))).isEqualTo(400);
            assertThat(context.endpoint.count()).isZero();
        }

        @ParameterizedTest
        @CsvSource({"6,0", "7,0", "8,401"})
        void looksOnlyIntoShortBodies(int rest, int status) {
            var exchange =
                    form(ExchangeFixture.request("POST", "/"), "access_token=t" + "&bbbbbbbbbb".substring(0, rest - 1));

            assertThat(status(exchange.run(policy))).isEqualTo(status);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "GET|content-type: application/x-www-form-urlencoded|content-length: 14",
                    "HEAD|content-type: application/x-www-form-urlencoded|content-length: 14",
                    "POST|content-type: multipart/form-data|content-length: 14",
                    "POST|content-type: application/x-www-form-urlencoded|x: y",
                    "POST|content-type: application/x-www-form-urlencoded|transfer-encoding: chunked",
                    "POST|content-type: application/x-www-form-urlencoded|content-encoding: gzip",
                    "POST|content-type: application/x-www-form-urlencoded|content-length: 1x",
                    "POST|content-type: application/x-www-form-urlencoded|content-length: 99999999999",
                })
        void doesNotLookIntoOtherBodies(String method, String type, String length) {
            var exchange = ExchangeFixture.request(method, "/").body("access_token=t");
            for (String field : List.of(type, length)) {
                int colon = field.indexOf(": ");
                exchange.header(field.substring(0, colon), field.substring(colon + 2));
            }
            if (length.startsWith("content-encoding")) {
                exchange.header("content-length", "14");
            }

            exchange.run(policy);

            assertThat(status(exchange)).isEqualTo(401);
            assertThat(exchange.replacedBody()).isNull();
        }

        @Test
        void leavesABodyWithoutATokenAlone() {
            var exchange = form(ExchangeFixture.request("POST", "/").bearer("t"), "a=1&b=%zz");

            assertThat(status(exchange.header("digest", "x").run(policy))).isZero();
            assertThat(exchange.replacedBody()).isNull();
            assertThat(exchange.request().headers().get("digest")).isEqualTo("x");
        }

        @Test
        void cutsDigestsOfTheOldBody() {
            var exchange = form(ExchangeFixture.request("POST", "/"), "access_token=t");

            assertThat(status(exchange.header("digest", "x").run(policy))).isZero();
            assertThat(bodyOf(exchange)).isEmpty();
            assertThat(exchange.request().headers().get("content-length")).isEqualTo("0");
            assertThat(exchange.request().headers().contains("digest")).isFalse();
        }
    }

    @Nested
    class Cookie {
        @ParameterizedTest
        @CsvSource({"GET,0", "HEAD,0", "OPTIONS,0", "POST,401", "DELETE,401"})
        void refusesAMethodThatAnotherSiteCouldAbuse(String method, int status) {
            Policy policy = context.policy("tokenSources: [header, {type: cookie, name: session}]");

            var exchange = ExchangeFixture.request(method, "/")
                    .header("cookie", "session=t")
                    .run(policy);

            assertThat(status(exchange)).isEqualTo(status);
        }

        @Test
        void refusalOfTheCookieLeavesTheHeaderAlone() {
            Policy policy = context.policy("tokenSources: [header, {type: cookie, name: session}]");

            var exchange = ExchangeFixture.request("POST", "/")
                    .header("cookie", "session=other")
                    .bearer("t")
                    .run(policy);

            assertThat(status(exchange)).isZero();
            assertThat(exchange.request().headers().contains("cookie")).isFalse();
        }

        @Test
        void refusesAPostWithNothingButTheCookieWithoutAnErrorCode() {
            Policy policy = context.policy("tokenSources: {type: cookie, name: session}");

            var exchange = ExchangeFixture.request("POST", "/")
                    .header("cookie", "session=t")
                    .run(policy);

            assertThat(Objects.requireNonNull(exchange.reply()).headers().get("www-authenticate"))
                    .doesNotContain("error=");
        }
    }

    @Nested
    class Format {
        @Test
        void sendsTextThatLooksLikeParametersAsOneParameter() {
            context.endpoint.token("a&client_id=x+%", "{\"active\":true}");

            var exchange = ExchangeFixture.get("/?access_token=a%26client_id%3Dx%2B%25")
                    .run(context.policy(""));

            assertThat(status(exchange)).isZero();
            assertThat(context.endpoint.parameter(0, "token")).containsExactly("a&client_id=x+%");
            assertThat(context.endpoint.parameter(0, "client_id")).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"at-1,0", "at-,401", "xat-1,401", "at-1=,401"})
        void refusesWhatDoesNotMatchThePatternWithoutACall(String token, int status) {
            context.endpoint.token("at-1", "{\"active\":true}");

            var exchange =
                    ExchangeFixture.get("/").bearer(token).run(context.policy("tokenFormat: {pattern: 'at-[0-9]+'}"));

            assertThat(status(exchange)).isEqualTo(status);
            assertThat(context.endpoint.count()).isEqualTo(status == 0 ? 1 : 0);
        }

        @ParameterizedTest
        @ValueSource(strings = {"good=a", "a==b", "=a"})
        void refusesAnEqualsSignThatIsNoPaddingWithoutACall(String token) {
            context.endpoint.token("good", "{\"active\":true}");

            var exchange = ExchangeFixture.get("/").bearer(token).run(context.policy(""));

            assertThat(status(exchange)).isEqualTo(401);
            assertThat(Objects.requireNonNull(exchange.reply()).headers().get("www-authenticate"))
                    .contains("error=\"invalid_token\"");
            assertThat(context.endpoint.count()).isZero();
        }
    }

    @Nested
    class Preflights {
        private final Policy policy = context.policy("skipPreflight: true");

        private ExchangeFixture preflight() {
            return ExchangeFixture.request("OPTIONS", "/?access_token=x")
                    .header("origin", "https://app.example.com")
                    .header("access-control-request-method", "POST");
        }

        @Test
        void passAsAnonymous() {
            var exchange = preflight()
                    .header("authorization", "Bearer t")
                    .header("eg-consumer-id", "forged")
                    .run(policy);

            assertThat(status(exchange)).isZero();
            assertThat(exchange.identity()).isNull();
            assertThat(exchange.request().headers().contains("authorization")).isFalse();
            assertThat(exchange.request().headers().contains("eg-consumer-id")).isFalse();
            assertThat(exchange.request().uri()).isEqualTo("/");
            assertThat(exchange.respond(200).headers().get("eg-consumer-id")).isEqualTo("anonymous");
            assertThat(context.endpoint.count()).isZero();
        }

        @Test
        void refusesPlainOptions() {
            assertThat(status(ExchangeFixture.request("OPTIONS", "/").run(policy)))
                    .isEqualTo(401);
            assertThat(status(ExchangeFixture.request("OPTIONS", "/")
                            .header("origin", "https://app.example.com")
                            .run(policy)))
                    .isEqualTo(401);
        }

        @Test
        void refusesOtherMethodsAndBodies() {
            var get = ExchangeFixture.get("/")
                    .header("origin", "https://app.example.com")
                    .header("access-control-request-method", "POST");

            assertThat(status(get.run(policy))).isEqualTo(401);
            assertThat(status(preflight().body("x").run(policy))).isEqualTo(401);
        }

        @Test
        void refusesThemUnlessTold() {
            var exchange = ExchangeFixture.request("OPTIONS", "/")
                    .header("origin", "https://app.example.com")
                    .header("access-control-request-method", "POST");

            assertThat(status(exchange.run(context.policy("")))).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[header, query]|header,query",
                "[header, query, form]|header,body,query",
                "[{type: query, name: t}, {type: form, name: t}]|''",
                "[{type: header, name: X-Token, scheme: ''}, {type: cookie, name: c}]|''",
                "{type: header, name: authorization, scheme: bearer}|header",
                "{type: header, scheme: Token}|''",
            })
    void tellsTheMethodsOfRfc6750(String sources, String methods) {
        var config = ConfigFixture.config("tokenSources: " + sources);

        assertThat(String.join(",", TokenSource.bearerMethods(config.tokenSources())))
                .isEqualTo(methods);
    }
}
