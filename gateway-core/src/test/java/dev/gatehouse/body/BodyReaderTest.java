package dev.gatehouse.body;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.ParsedBody;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyReaderTest {
    private static final int LIMIT = 100;
    private static final Policy READS = exchange -> BodyReader.read(exchange, LIMIT, Verdict::next);

    private static ExchangeFixture request(String type, byte[] body) {
        return ExchangeFixture.request("POST", "/").header("content-type", type).body(body);
    }

    private static ExchangeFixture request(String type, String body) {
        return request(type, body.getBytes(StandardCharsets.UTF_8));
    }

    private static ParsedBody read(ExchangeFixture exchange) {
        exchange.run(READS);
        assertThat(exchange.hasRunOut()).isTrue();
        return Objects.requireNonNull(exchange.parsedBody(), "no body");
    }

    private static void assertRefused(ExchangeFixture exchange, Refusal refusal, int status) {
        exchange.run(READS);
        assertThat(exchange.hasRunOut()).isFalse();
        Reply reply = Objects.requireNonNull(exchange.reply(), "no reply");
        assertThat(reply.refusal()).isEqualTo(refusal);
        assertThat(reply.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON; charset=UTF-8",
                "application/json;charset=\"utf-8\"",
                "application/problem+json",
                "application/json ;charset=utf-8"
            })
    void readsJson(String type) {
        assertThat(read(request(type, "{\"a\":[1,null,true,\"x\"]}")))
                .isEqualTo(new ParsedBody(ParsedBody.Kind.JSON, Map.of("a", Arrays.asList(1L, null, true, "x"))));
    }

    @Test
    void readsForms() {
        assertThat(read(request("application/x-www-form-urlencoded; charset=utf-8", "a=1&b[c]=2+3&d=1&d=2")))
                .isEqualTo(new ParsedBody(
                        ParsedBody.Kind.FORM, Map.of("a", "1", "b", Map.of("c", "2 3"), "d", List.of("1", "2"))));
    }

    @Test
    void readsDeeperFormsThanQueries() {
        assertThat(read(request("application/x-www-form-urlencoded", "a[b][c][d][e][f][g]=1&l[50]=x"))
                        .tree())
                .isEqualTo(Map.of(
                        "a",
                        Map.of("b", Map.of("c", Map.of("d", Map.of("e", Map.of("f", Map.of("g", "1")))))),
                        "l",
                        List.of("x")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain", "text/json", "multipart/form-data; boundary=x", "application/jsonp", "json", ""})
    void takesOtherTypesForNothing(String type) {
        assertThat(read(request(type, "{}"))).isSameAs(ParsedBody.NONE);
    }

    @Test
    void takesTwoTypesForNothing() {
        assertThat(read(request("application/json", "{}").header("content-type", "text/plain")))
                .isSameAs(ParsedBody.NONE);
    }

    @Test
    void takesNoBodyForNothing() {
        assertThat(read(request("application/json", ""))).isSameAs(ParsedBody.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"utf-8", "utf-16", "utf-16le", "UTF-32BE"})
    void readsEveryUnicodeEncoding(String charset) {
        byte[] body = "{\"a\":\"\u00fc\"}".getBytes(Charset.forName(charset));

        assertThat(read(request("application/json; charset=" + charset, body)).tree())
                .isEqualTo(Map.of("a", "\u00fc"));
    }

    @Test
    void ignoresAByteOrderMark() {
        assertThat(read(request("application/json", "\ufeff{}")).tree()).isEqualTo(Map.of());
    }

    @Test
    void keepsEveryDigitOfAWholeNumber() {
        assertThat(read(request("application/json", "[9007199254740993,123456789012345678901234567890,1.50]"))
                        .tree())
                .isEqualTo(List.of(9007199254740993L, new BigInteger("123456789012345678901234567890"), 1.5));
    }

    @Test
    void parsesOnce() {
        List<ParsedBody> seen = new ArrayList<>();
        Policy reads = exchange -> BodyReader.read(exchange, 1000, () -> {
            seen.add(exchange.parsedBody());
            return Verdict.next();
        });

        request("application/json", "{\"a\":1}").run(reads, reads);

        assertThat(seen).hasSize(2);
        assertThat(seen.get(0)).isSameAs(seen.get(1));
    }

    @Nested
    class Compressed {
        private byte[] packed(String coding, int size) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (OutputStream out =
                    coding.equals("deflate") ? new DeflaterOutputStream(bytes) : new GZIPOutputStream(bytes)) {
                out.write(("[\"" + "0".repeat(size - 4) + "\"]").getBytes(StandardCharsets.UTF_8));
            }
            return bytes.toByteArray();
        }

        private ExchangeFixture request(String coding, byte[] body) {
            return BodyReaderTest.request("application/json", body).header("content-encoding", coding);
        }

        @ParameterizedTest
        @ValueSource(strings = {"gzip", "GZIP", "x-gzip", "deflate"})
        void readsUpToTheLimit(String coding) throws IOException {
            assertThat(read(request(coding, packed(coding, LIMIT))).tree()).isInstanceOf(List.class);
        }

        @ParameterizedTest
        @CsvSource({"gzip, 101", "gzip, 5000000", "deflate, 101", "deflate, 50000"})
        void refusesMoreThanTheLimit(String coding, int size) throws IOException {
            byte[] body = packed(coding, size);

            assertRefused(request(coding, body), Refusal.BODY_TOO_LARGE, 413);
        }

        @ParameterizedTest
        @ValueSource(strings = {"gzip", "deflate"})
        void refusesWhatIsCutOffOrNotCompressed(String coding) throws IOException {
            byte[] body = packed(coding, 60);

            assertRefused(request(coding, Arrays.copyOf(body, body.length / 2)), Refusal.BAD_REQUEST, 400);
            assertRefused(request(coding, "{}".getBytes(StandardCharsets.UTF_8)), Refusal.BAD_REQUEST, 400);
        }

        @ParameterizedTest
        @ValueSource(strings = {"br", "zstd", "gzip, gzip", "compress"})
        void refusesAnotherCoding(String coding) throws IOException {
            assertRefused(request(coding, packed("gzip", 60)), Refusal.BAD_REQUEST, 415);
        }

        @Test
        void refusesTwoFields() throws IOException {
            ExchangeFixture exchange = request("gzip", packed("gzip", 60)).header("content-encoding", "gzip");

            assertRefused(exchange, Refusal.BAD_REQUEST, 415);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "[1e400]",
                "[01]",
                "[NaN]",
                "[1]x",
                "{}{}",
                "\"a\"",
                "1",
                "null",
                "true",
                "{\"a\":1,\"a\":1}",
                "//x\n{}",
                "[\"\n\"]",
                "<a/>"
            })
    void refusesWhatIsNoObjectOrList(String body) {
        assertRefused(request("application/json", body), Refusal.BAD_REQUEST, 400);
    }

    @Test
    void refusesDeepNesting() {
        ExchangeFixture exchange = ExchangeFixture.request("POST", "/")
                .header("content-type", "application/json")
                .body("[".repeat(70));

        assertRefused(exchange, Refusal.BAD_REQUEST, 400);
    }

    @Test
    void refusesOtherCharacterSets() {
        for (String charset : List.of("iso-8859-1", "us-ascii", "utf-99", "x/y")) {
            assertRefused(request("application/json; charset=" + charset, "{}"), Refusal.BAD_REQUEST, 415);
        }
    }

    @Test
    void refusesWhatIsNotOfItsCharacterSet() {
        byte[] latin = "[\"\u00fc\"]".getBytes(StandardCharsets.ISO_8859_1);

        assertRefused(request("application/json", latin), Refusal.BAD_REQUEST, 400);
    }

    @ParameterizedTest
    @CsvSource({"999, true", "1000, true", "1001, false"})
    void boundsTheFieldsOfAForm(int fields, boolean accepted) {
        Policy reads = exchange -> BodyReader.read(exchange, 10_000, Verdict::next);
        ExchangeFixture exchange = request(
                "application/x-www-form-urlencoded", String.join("&", java.util.Collections.nCopies(fields, "a=1")));

        exchange.run(reads);

        assertThat(exchange.hasRunOut()).isEqualTo(accepted);
        assertThat(exchange.reply() == null).isEqualTo(accepted);
    }

    @ParameterizedTest
    @CsvSource({"99, true", "100, true", "101, false"})
    void boundsTheBody(int size, boolean accepted) {
        ExchangeFixture exchange = request("application/json", " ".repeat(size - 2) + "{}");

        exchange.run(READS);

        assertThat(exchange.hasRunOut()).isEqualTo(accepted);
        assertThat(exchange.reply() == null).isEqualTo(accepted);
    }

    @Nested
    class Steps {
        private final List<String> ran = new ArrayList<>();

        private Policy step(String name) {
            return exchange -> {
                ran.add(name);
                return Verdict.next();
            };
        }

        @Test
        void haveTheBodyBeforeTheirConditionIsAsked() {
            Condition has = exchange -> exchange.parsedBody() != null
                    && exchange.parsedBody().tree().equals(Map.of("a", 1L));

            request("application/json", "{\"a\":1}")
                    .then(null, step("first"))
                    .then(has, step("second"), LIMIT)
                    .then(exchange -> false, step("never"), LIMIT)
                    .run(step("last"));

            assertThat(ran).containsExactly("first", "second", "last");
        }

        @Test
        void refuseABadBodyWithoutAskingTheCondition() {
            Condition asked = exchange -> ran.add("asked");

            ExchangeFixture exchange = request("application/json", "{")
                    .then(asked, step("second"), LIMIT)
                    .run(step("last"));

            assertThat(ran).isEmpty();
            assertThat(exchange.reply()).isNotNull();
            assertThat(exchange.auth().decidedBy()).isEqualTo("test@1");
        }
    }
}
