package dev.gatehouse.policies.transform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exchange.AuthTrail;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.Identity;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.expression.value.ExpressionFailure;
import dev.gatehouse.policies.StepFixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTransformerPolicyTest {
    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";

    private final StepFixture step = StepFixture.of("request-transformer");

    private ExchangeFixture run(String action, ExchangeFixture exchange) {
        return exchange.run(step.policy(action));
    }

    private static ExchangeFixture post(String type, String body) {
        return ExchangeFixture.request("POST", "/p")
                .header("content-type", type)
                .body(body);
    }

    private static @Nullable String sent(ExchangeFixture exchange) {
        assertThat(exchange.failure()).isNull();
        assertThat(exchange.reply()).isNull();
        byte[] body = exchange.replacedBody();
        return body == null ? null : new String(body, UTF_8);
    }

    private static String refusal(ExchangeFixture exchange) {
        Reply reply = Objects.requireNonNull(exchange.reply(), "reply");
        return reply.refusal() + " " + reply.status();
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(UTF_8));
        }
        return packed.toByteArray();
    }

    @Nested
    class Headers {
        private ExchangeFixture sent(String action, ExchangeFixture exchange) {
            return run("headers: " + action, exchange);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "\"'text'\" | text",
                    "req.method | POST",
                    "1 + 1 | 2",
                    "5 | 5",
                    "1.50 | 1.5",
                    "\"({a: 1})\" | {\"a\":1}",
                    "\"['a', 'b']\" | a, b"
                })
        void addsTheValueOfAnExpression(String expression, String expected) {
            ExchangeFixture exchange = sent("{add: {X-A: " + expression + "}}", ExchangeFixture.request("POST", "/"));

            assertThat(exchange.request().headers().getAll("x-a")).containsExactly(expected);
        }

        @ParameterizedTest
        @ValueSource(strings = {"x-a", "X-A", "x_a", "X.A"})
        void replacesWhatTheClientSentInEverySpelling(String name) {
            ExchangeFixture exchange =
                    sent("{add: {X-A: \"'gateway'\"}}", ExchangeFixture.get("/").header(name, "client"));

            assertThat(exchange.request().headers().getAll("x-a")).containsExactly("gateway");
            assertThat(exchange.request().headers().entries())
                    .extracting(Map.Entry::getValue)
                    .doesNotContain("client");
        }

        @ParameterizedTest
        @ValueSource(strings = {"undefined", "~", "req.query.none", "req.body"})
        void sendsNothingForNoValueAndRemovesWhatTheClientSent(String expression) {
            ExchangeFixture exchange = sent(
                    "{add: {x-a: " + expression + "}}", ExchangeFixture.get("/").header("X-A", "client"));

            assertThat(exchange.failure()).isNull();
            assertThat(exchange.request().headers().contains("x-a")).isFalse();
        }

        @Test
        void removesInAnyLetterCaseAfterAdding() {
            ExchangeFixture exchange = sent(
                    "{add: {x-new: \"req.headers['x-old']\"}, remove: [X-Old, authorization]}",
                    ExchangeFixture.get("/").header("x-old", "v").bearer("t"));

            assertThat(exchange.request().headers().get("x-new")).isEqualTo("v");
            assertThat(exchange.request().headers().contains("x-old")).isFalse();
            assertThat(exchange.request().headers().contains("authorization")).isFalse();
        }

        @Test
        void leaveTheHeadersThatOtherPoliciesReadUntilTheirTurn() {
            step.policy("headers: {add: {authorization: \"'Basic eDp5'\"}}");

            assertThat(step.ownedHeaders()).isEmpty();
        }

        @Test
        void sendsNothingForAClaimOfAClientThatWasLetThrough() {
            ExchangeFixture exchange = ExchangeFixture.get("/").header("x-a", "forged");
            exchange.auth().result(AuthTrail.Result.NONE, "no_token");

            sent("{add: {x-a: consumer.sub}}", exchange);

            assertThat(exchange.failure()).isNull();
            assertThat(exchange.request().headers().contains("x-a")).isFalse();
        }

        @ParameterizedTest
        @ValueSource(strings = {"req.user.id", "nosuch.x", "\"'a\\\\nb'\"", "\"while (true) {}\""})
        void refusesWhatCannotBeSent(String expression) {
            ExchangeFixture exchange = sent("{add: {x-a: " + expression + "}}", ExchangeFixture.get("/"));

            assertThat(exchange.failure()).isInstanceOf(ExpressionFailure.class);
            assertThat(exchange.hasRunOut()).isFalse();
        }

        @Test
        void doNotTouchTheBody() {
            ExchangeFixture exchange = sent("{add: {x-a: 1}}", post(JSON, "nonsense"));

            assertThat(RequestTransformerPolicyTest.sent(exchange)).isNull();
            assertThat(exchange.parsedBody()).isNull();
        }
    }

    @Nested
    class Bodies {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "{\"a\":1} | {extra: \"'v'\", n: '40 + 2'} | {\"a\":1,\"extra\":\"v\",\"n\":42}",
                    "{} | {a: \"'1'\"} | {\"a\":\"1\"}",
                    "{\"a\":1} | {a: undefined} | {}",
                    "{\"a\":1} | {a: 'null'} | {\"a\":null}",
                    "{\"a\":1} | {b: req.body.a + 1, c: req.body.b + 1} | {\"a\":1,\"b\":2,\"c\":3}",
                    "{\"a\":1} | {b: '({x: [1, {y: null}]})'} | {\"a\":1,\"b\":{\"x\":[1,{\"y\":null}]}}",
                    "{\"id\":12345678901234567890,\"l\":9007199254740993} | {b: 1} "
                            + "| {\"id\":12345678901234567890,\"l\":9007199254740993,\"b\":1}",
                    "{\"n\":1.50,\"u\":\"\u00e9\"} | {b: true} | {\"n\":1.5,\"u\":\"\u00e9\",\"b\":true}"
                })
        void addsToAnObject(String before, String add, String after) {
            ExchangeFixture exchange = run("body: {add: " + add + "}", post(JSON + "; charset=utf-8", before));

            assertThat(sent(exchange)).isEqualTo(after);
            assertThat(exchange.request().headers().get("content-type")).isEqualTo(JSON);
            assertThat(exchange.request().headers().get("content-length"))
                    .isEqualTo(Integer.toString(after.getBytes(UTF_8).length));
        }

        @Test
        void addsAnObjectThatAPolicyFound() {
            ExchangeFixture exchange = post(JSON, "{}");
            exchange.identify(new Identity(Map.of("sub", "alice")));

            run("body: {add: {user: req.user}}", exchange);

            assertThat(sent(exchange)).isEqualTo("{\"user\":{\"sub\":\"alice\"}}");
        }

        @Test
        void removesAfterAdding() {
            ExchangeFixture exchange =
                    run("body: {add: {b: req.body.a}, remove: [a, none]}", post(JSON, "{\"a\":1,\"c\":2}"));

            assertThat(sent(exchange)).isEqualTo("{\"c\":2,\"b\":1}");
        }

        @ParameterizedTest
        @CsvSource({
            "a=x&b=y, a=x&z=1+2",
            "b[c]=3&d=1&d=2, d%5B0%5D=1&d%5B1%5D=2&z=1+2",
            "a=%C3%BC%26, a=%C3%BC%26&z=1+2",
            "a[b][c]=1, a%5Bb%5D%5Bc%5D=1&z=1+2"
        })
        void changesAForm(String before, String after) {
            ExchangeFixture exchange = run("body: {add: {z: \"'1 2'\"}, remove: [b]}", post(FORM, before));

            assertThat(sent(exchange)).isEqualTo(after);
            assertThat(exchange.request().headers().get("content-type")).isEqualTo(FORM);
        }

        @ParameterizedTest
        @ValueSource(strings = {"text/plain", "multipart/form-data; boundary=x", "text/json", ""})
        void leavesOtherTypesUntouched(String type) {
            ExchangeFixture exchange = run("body: {add: {a: 1}}", post(type, "{\"a\": 0}"));

            assertThat(sent(exchange)).isNull();
            assertThat(exchange.request().headers().get("content-type")).isEqualTo(type);
        }

        @Test
        void leavesAListUntouched() {
            assertThat(sent(run("body: {add: {a: 1}, remove: [b]}", post(JSON, "[1,  2]"))))
                    .isNull();
        }

        @ParameterizedTest
        @CsvSource({"GET,", "HEAD,", "DELETE,", "POST, {\"a\":1}", "PUT, {\"a\":1}", "PATCH, {\"a\":1}"})
        void givesABodyToRequestsThatUsuallyHaveOne(String method, @Nullable String expected) {
            ExchangeFixture exchange = run("body: {add: {a: 1}}", ExchangeFixture.request(method, "/"));

            assertThat(sent(exchange)).isEqualTo(expected);
            assertThat(exchange.request().headers().get("content-type")).isEqualTo(expected == null ? null : JSON);
        }

        @Test
        void keepsAMediaTypeThatIsJsonToo() {
            ExchangeFixture exchange = run("body: {add: {a: 1}}", post("application/merge-patch+json", "{}"));

            assertThat(sent(exchange)).isEqualTo("{\"a\":1}");
            assertThat(exchange.request().headers().get("content-type")).isEqualTo("application/merge-patch+json");
        }

        @Test
        void sendsACompressedBodyInPlainText() throws IOException {
            ExchangeFixture exchange = post(JSON, "")
                    .body(gzip("{\"a\":1}"))
                    .header("content-encoding", "gzip")
                    .header("content-digest", "sha-256=:x:");

            run("body: {add: {b: 2}}", exchange);

            assertThat(sent(exchange)).isEqualTo("{\"a\":1,\"b\":2}");
            assertThat(exchange.request().headers().contains("content-encoding"))
                    .isFalse();
            assertThat(exchange.request().headers().contains("content-digest")).isFalse();
        }

        @Test
        void changesWhatAnEarlierStepChanged() {
            ExchangeFixture exchange = post(JSON, "{\"a\":1}")
                    .run(
                            step.policy("body: {add: {b: req.body.a + 1}}"),
                            step.policy("{body: {add: {c: 'var x = req.body.b; x + 1'}}, maxBodySize: 1}"));

            assertThat(sent(exchange)).isEqualTo("{\"a\":1,\"b\":2,\"c\":3}");
        }

        @Test
        void showsTheChangedBodyToAScriptThatReadItBefore() {
            ExchangeFixture exchange = post(JSON, "{\"a\":1}")
                    .run(
                            step.policy("body: {add: {b: 'var seen = req.body; seen.a'}}"),
                            step.policy("headers: {add: {x-b: 'var now = req.body; now.b'}}"));

            assertThat(exchange.request().headers().get("x-b")).isEqualTo("1");
        }

        @ParameterizedTest
        @CsvSource({
            "{\"a\":, BAD_REQUEST 400",
            "\"text\", BAD_REQUEST 400",
            "{\"a\":\"0123456789\"}, BODY_TOO_LARGE 413"
        })
        void refusesWhatCannotBeRead(String body, String expected) {
            ExchangeFixture exchange = run("{body: {add: {a: 1}}, maxBodySize: 16}", post(JSON, body));

            assertThat(refusal(exchange)).isEqualTo(expected);
            assertThat(exchange.replacedBody()).isNull();
        }

        @Test
        void refusesMoreThanTheLimitBehindACompression() throws IOException {
            ExchangeFixture exchange = post(JSON, "")
                    .body(gzip("{\"a\":\"" + "0".repeat(1_000_000) + "\"}"))
                    .header("content-encoding", "gzip");

            run("body: {add: {b: 2}}", exchange);

            assertThat(refusal(exchange)).isEqualTo(Refusal.BODY_TOO_LARGE + " 413");
        }

        @Test
        void refusesACutOffCompression() throws IOException {
            byte[] whole = gzip("{\"a\":1}");
            ExchangeFixture exchange = post(JSON, "")
                    .body(java.util.Arrays.copyOf(whole, whole.length - 9))
                    .header("content-encoding", "gzip");

            run("body: {add: {b: 2}}", exchange);

            assertThat(refusal(exchange)).isEqualTo(Refusal.BAD_REQUEST + " 400");
        }

        @Test
        void refusesAFormWithTooManyFields() {
            ExchangeFixture exchange = run("body: {add: {b: 2}}", post(FORM, "a=1&".repeat(1000) + "a=1"));

            assertThat(refusal(exchange)).isEqualTo(Refusal.BODY_TOO_LARGE + " 413");
        }

        @Test
        void refusesWhenAnExpressionFails() {
            ExchangeFixture exchange = run("body: {add: {b: req.body.a.b.c}}", post(JSON, "{\"a\":1}"));

            assertThat(exchange.failure()).isInstanceOf(ExpressionFailure.class);
            assertThat(exchange.replacedBody()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"request-transformer", "response-transformer"})
    void acceptsOneOfEach(String policy) {
        StepFixture other = StepFixture.of(policy);

        other.policy("headers: {remove: [x-a]}");
        other.policy("body: {remove: [a]}");
        other.policy("{headers: {add: {x-a: 1}}, body: {add: {a: 1}}, maxBodySize: 1048576}");

        assertThat(other.codes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | E0481",
                "headers: {} | E0481",
                "body: {} | E0481",
                "headers: {add: {}} | E0481",
                "headers: text | E0202",
                "headers: {add: [x-a]} | E0202",
                "headers: {remove: x-a} | E0202",
                "headers: {remove: [[x-a]]} | E0202",
                "body: {add: {a: {b: 1}}} | E0202",
                "body: [a] | E0202",
                "{body: {remove: [a]}, maxBodySize: much} | E0203",
                "{body: {remove: [a]}, maxBodySize: 0} | E0203",
                "{body: {remove: [a]}, maxBodySize: 1.5} | E0203",
                "{body: {remove: [a]}, maxBodySize: 1048577} | E0483",
                "{body: {remove: [a]}, maxBodysize: 5} | E0204",
                "{header: {remove: [a]}, body: {remove: [a]}} | E0204",
                "headers: {ad: {x-a: 1}, remove: [a]} | E0204",
                "headers: {add: {x-a: 1}, removes: [a]} | E0204",
                "headers: {add: {content-length: 5}} | E0482",
                "headers: {add: {Connection: \"'close'\"}} | E0482",
                "headers: {add: {'x a': 1}} | E0482",
                "headers: {add: {x-a: internal}} | E0462",
                "body: {add: {a: 'req.url ==='}} | E0461",
                "headers: {remove: [transfer-encoding]} | W0481"
            })
    void refusesAMistakeAndTellsItsPlace(String action, String code) {
        for (String policy : List.of("request-transformer", "response-transformer")) {
            StepFixture other = StepFixture.of(policy);

            assertThat(other.mistakes(action)).as(policy).singleElement().satisfies(problem -> {
                assertThat(problem.code()).as(problem.message()).isEqualTo(code);
                assertThat(problem.span()).isNotNull();
                assertThat(problem.message()).isNotBlank();
            });
        }
    }

    @Test
    void reportsEveryMistakeAtOnce() {
        List<String> codes = step.mistakes("{headers: {add: {x-a: one, te: 1}}, body: {add: {b: 'x ==='}}}").stream()
                .map(problem -> problem.code())
                .toList();

        assertThat(codes).containsExactlyInAnyOrder("E0462", "E0482", "E0461");
    }
}
