package dev.gatehouse.policies.transform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.exchange.ResponseHead.BodyEdit;
import dev.gatehouse.expression.value.ExpressionFailure;
import dev.gatehouse.policies.StepFixture;
import dev.gatehouse.policy.Verdict;
import io.netty.handler.codec.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseTransformerPolicyTest {
    private final StepFixture step = StepFixture.of("response-transformer");
    private final ExchangeFixture exchange = ExchangeFixture.get("/p");

    private HttpResponse respond(String action, int status, String... headers) {
        return exchange.run(step.policy(action)).respond(status, headers);
    }

    private @Nullable String edited(String content) {
        byte[] body = content.getBytes(UTF_8);
        boolean changed = false;
        for (BodyEdit edit : exchange.edits()) {
            byte[] after = edit.edit(body);
            changed |= after != null;
            body = after == null ? body : after;
        }
        return changed ? new String(body, UTF_8) : null;
    }

    private double passed(String reason) {
        return step.meters()
                .get("gateway.response.transform.passed")
                .tag("reason", reason)
                .counter()
                .count();
    }

    @Nested
    class Headers {
        @Test
        void addReplaceAndRemoveInAnyLetterCase() {
            HttpResponse response = respond(
                    "headers: {add: {X-New: req.path, server: \"'gw'\"}, remove: [X-Old]}",
                    503,
                    "x-old",
                    "1",
                    "Server",
                    "stub");

            assertThat(response.headers().get("x-new")).isEqualTo("/p");
            assertThat(response.headers().getAll("server")).containsExactly("gw");
            assertThat(response.headers().contains("x-old")).isFalse();
            assertThat(exchange.edits()).isEmpty();
        }

        @Test
        void removeForNoValue() {
            HttpResponse response = respond("headers: {add: {x-old: undefined}}", 200, "X-Old", "1");

            assertThat(response.headers().contains("x-old")).isFalse();
        }

        @Test
        void sendSeveralCookies() {
            HttpResponse response = respond("headers: {add: {set-cookie: \"['a=1', 'b=2']\"}}", 200);

            assertThat(response.headers().getAll("set-cookie")).containsExactly("a=1", "b=2");
        }

        @Test
        void changeRepliesOfTheGateway() {
            exchange.run(
                    step.policy("{headers: {add: {x-new: 1}}, body: {add: {b: 1}}}"),
                    each -> Verdict.reply(Reply.of(null, 202, "application/json", "{}".getBytes(UTF_8))));

            assertThat(exchange.respondWithReply().headers().get("x-new")).isEqualTo("1");
            assertThat(exchange.edits()).isEmpty();
        }

        @Test
        void runLastConfiguredFirst() {
            exchange.run(
                    step.policy("headers: {add: {x-a: \"'first'\"}}"),
                    step.policy("headers: {add: {x-a: \"'last'\"}}"));

            assertThat(exchange.respond(200).headers().getAll("x-a")).containsExactly("first");
        }

        @Test
        void refuseAValueThatCannotBeSent() {
            exchange.run(step.policy("headers: {add: {x-a: \"'a\\\\nb'\"}}"));

            assertThatThrownBy(() -> exchange.respond(200)).isInstanceOf(ExpressionFailure.class);
        }
    }

    @Nested
    class Bodies {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "{\"a\":1,\"secret\":\"s\"} | {add: {b: \"'x'\"}, remove: [secret]} | {\"a\":1,\"b\":\"x\"}",
                    "{\"a\":1} | {add: {a: undefined}} | {}",
                    "{\"id\":12345678901234567890} | {add: {p: req.path}} | {\"id\":12345678901234567890,\"p\":\"/p\"}"
                })
        void changeAnObject(String before, String body, String after) {
            HttpResponse response = respond(
                    "body: " + body, 200, "content-type", "application/json; charset=utf-8", "digest", "sha-256=x");

            assertThat(edited(before)).isEqualTo(after);
            assertThat(response.headers().get("content-type")).isEqualTo("application/json");
            assertThat(response.headers().contains("digest")).isFalse();
        }

        @Test
        void keepWhatIsNoObject() {
            respond("body: {add: {a: 1}}", 200, "content-type", "application/json");

            assertThat(edited("[1,  2]")).isNull();
            assertThat(passed("malformed")).isZero();
            assertThat(edited("{\"a\":")).isNull();
            assertThat(edited("5")).isNull();
            assertThat(passed("malformed")).isEqualTo(2);
        }

        @Test
        void readOtherCharacterSets() {
            HttpResponse response =
                    respond("body: {add: {b: 1}}", 200, "content-type", "application/problem+json; charset=utf-16");
            byte[] before = "{\"a\":\"\u00e9\"}".getBytes(StandardCharsets.UTF_16);

            byte[] after = exchange.edits().get(0).edit(before);

            assertThat(after).isEqualTo("{\"a\":\"\u00e9\",\"b\":1}".getBytes(UTF_8));
            assertThat(response.headers().get("content-type")).isEqualTo("application/problem+json");
        }

        @ParameterizedTest
        @CsvSource({
            "200, text/plain, , , not_json",
            "200, application/json, gzip, , encoded",
            "206, application/json, , , partial",
            "200, application/json, , 101, too_large"
        })
        void passAndAreCounted(
                int status, String type, @Nullable String coding, @Nullable String length, String reason) {
            List<String> headers = new ArrayList<>(List.of("content-type", type));
            if (coding != null) {
                headers.addAll(List.of("content-encoding", coding));
            }
            if (length != null) {
                headers.addAll(List.of("content-length", length));
            }

            respond("{body: {add: {a: 1}}, maxBodySize: 100}", status, headers.toArray(String[]::new));

            assertThat(exchange.edits()).isEmpty();
            assertThat(passed(reason)).isEqualTo(1);
        }

        @Test
        void areAskedForWholeAndInPlainText() {
            exchange.header("accept-encoding", "gzip")
                    .header("range", "bytes=0-9")
                    .header("if-range", "x");

            exchange.run(step.policy("body: {remove: [a]}"));

            assertThat(exchange.request().headers().getAll("accept-encoding")).containsExactly("identity");
            assertThat(exchange.request().headers().contains("range")).isFalse();
            assertThat(exchange.request().headers().contains("if-range")).isFalse();
        }

        @Test
        void areLeftAloneWithoutABodyPart() {
            exchange.header("accept-encoding", "gzip").header("range", "bytes=0-9");

            exchange.run(step.policy("headers: {remove: [a]}"));

            assertThat(exchange.request().headers().get("accept-encoding")).isEqualTo("gzip");
            assertThat(exchange.request().headers().contains("range")).isTrue();
        }

        @Test
        void changeLastConfiguredFirst() {
            exchange.run(
                    step.policy("body: {add: {a: \"'first'\"}}"),
                    step.policy("body: {add: {a: \"'last'\"}, remove: [b]}"));
            exchange.respond(200, "content-type", "application/json");

            assertThat(edited("{\"b\":1}")).isEqualTo("{\"a\":\"first\"}");
        }
    }
}
