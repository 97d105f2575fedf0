package dev.gatehouse.policies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.exchange.AuthTrail;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.Identity;
import dev.gatehouse.expression.value.ExpressionFailure;
import dev.gatehouse.policy.ConfigProblem;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequestEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersPolicyTest {
    private final StepFixture step = StepFixture.of("headers");

    private ExchangeFixture run(String yaml, ExchangeFixture exchange) {
        return exchange.run(step.policy(yaml));
    }

    private ExchangeFixture run(String expression) {
        ExchangeFixture exchange =
                ExchangeFixture.get("/?v=a%0D%0AX-Injected:%201&u=%C3%BC").header("x-a", "forged");
        return run("forwardHeaders: {x-a: " + expression + "}", exchange);
    }

    private static List<String> sent(ExchangeFixture exchange) {
        return exchange.request().headers().getAll("x-a");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "\"'plain text'\" | plain text",
                "'\"double\"' | double",
                "\"''\" | ``",
                "42 | 42",
                "1.5 | 1.5",
                "true | true",
                "\"false\" | false",
                "'({a: 1, b: [true, null]})' | {\"a\":1,\"b\":[true,null]}",
                "req.method | GET",
                "\"`${req.method}:${req.path}`\" | GET:/",
                "'new Date(0).toISOString()' | 1970-01-01T00:00:00.000Z",
                "req.query.u | \u00fc"
            })
    void sendsTheValueAsText(String expression, String expected) {
        assertThat(sent(run(expression))).containsExactly(expected == null ? "" : expected);
    }

    @Test
    void sendsTheItemsOfAListInOneLine() {
        assertThat(sent(run("\"['one', null, 2, {a: 1}]\""))).containsExactly("one, 2, {\"a\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"req.query.nothing", "\"null\"", "undefined", "'[]'", "req.user", "~"})
    void sendsNothingForNoValueAndRemovesWhatTheClientSent(String expression) {
        ExchangeFixture exchange = run(expression);

        assertThat(exchange.failure()).isNull();
        assertThat(sent(exchange)).isEmpty();
    }

    @Test
    void replacesTheClientsValueInAnyLetterCase() {
        ExchangeFixture exchange =
                ExchangeFixture.get("/").header("x-auth-sub", "admin").header("X-AUTH-SUB", "root");
        exchange.identify(new Identity(Map.of("sub", "alice")));

        run("{headersPrefix: X-Auth-, forwardHeaders: {Sub: req.user.sub}}", exchange);

        assertThat(exchange.request().headers().getAll("x-auth-sub")).containsExactly("alice");
        assertThat(step.ownedHeaders()).containsExactly("X-Auth-Sub");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "authorization | \"'Basic ' + req.user.id\"",
                "Content-Type  | \"'application/json'\"",
                "x-tenant      | \"req.headers['X-Tenant'] + '!'\"",
                "x-tenant      | 'req.get(\"x-tenant\")'"
            })
    void leavesTheClientsValueToThoseWhoReadIt(String name, String value) {
        step.policy("forwardHeaders: {" + name + ": " + value + "}");

        assertThat(step.ownedHeaders()).isEmpty();
    }

    @Test
    void readsTheClientsValueThatItReplaces() {
        ExchangeFixture exchange = ExchangeFixture.get("/").header("x-tenant", "acme");

        run("forwardHeaders: {x-tenant: \"'t-' + req.headers['x-tenant']\"}", exchange);

        assertThat(exchange.request().headers().getAll("x-tenant")).containsExactly("t-acme");
    }

    @Test
    void ownsNoHeaderUnderACondition() {
        step.condition("{name: pathMatch, pattern: ^/in}");

        step.policy("forwardHeaders: {x-zone: \"'internal'\"}");

        assertThat(step.ownedHeaders()).isEmpty();
    }

    @Test
    void writesLatinLettersAsOneOctetAndOthersAsUtf8() {
        assertThat(sent(run("\"'\\u00e9'\""))).containsExactly("é");

        ExchangeFixture exchange = run("\"'é日'\"");

        assertThat(octets(exchange)).contains("x-a: é日\r\n");
    }

    private static String octets(ExchangeFixture exchange) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestEncoder());
        channel.writeOutbound(exchange.request());
        ByteBuf head = channel.readOutbound();
        String text = head.toString(StandardCharsets.UTF_8);
        head.release();
        channel.finishAndReleaseAll();
        return text;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "req.query.v",
                "\"'a\\\\u0000b'\"",
                "\"'a\\\\u007fb'\"",
                "\"['ok', 'a\\\\nb']\"",
                "Express-Gateway",
                "req.query.a.b",
                "\"while (true) {}\""
            })
    void refusesWhatCannotBeSent(String expression) {
        ExchangeFixture exchange = run(expression);

        assertThat(exchange.failure()).isInstanceOf(ExpressionFailure.class);
        assertThat(exchange.forwarded()).isNull();
        assertThat(exchange.hasRunOut()).isFalse();
    }

    @Test
    void refusesToReadAClaimWhereNoPolicyAuthenticates() {
        ExchangeFixture exchange = run("consumer.id");

        assertThat(exchange.failure()).isInstanceOf(ExpressionFailure.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer.id", "req.user.scope.split(' ')", "consumer['id']"})
    void sendsNothingForAClaimOfAClientThatWasLetThrough(String expression) {
        ExchangeFixture exchange = ExchangeFixture.get("/").header("x-a", "forged");
        exchange.auth().result(AuthTrail.Result.NONE, "no_token");

        run("forwardHeaders: {x-a: \"" + expression + "\"}", exchange);

        assertThat(exchange.failure()).isNull();
        assertThat(sent(exchange)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{forwardHeaders: {connection: \"'x'\"}} | E0463",
                "{forwardHeaders: {Content-Length: 5}} | E0463",
                "{forwardHeaders: {transfer-encoding: \"'chunked'\"}} | E0463",
                "{headersPrefix: 'keep-', forwardHeaders: {Alive: 1}} | E0463",
                "{forwardHeaders: {'x a': 1}} | E0463",
                "{headersPrefix: \"x\\r\\n\", forwardHeaders: {a: 1}} | E0463",
                "{forwardHeaders: {x-a: internal}} | E0462",
                "{forwardHeaders: {x-a: 'req.url ==='}} | E0461",
                "{forwardHeaders: {x-a: 'class A {}'}} | E0461"
            })
    void refusesAFileThatCannotWork(String yaml, String code) {
        assertThatThrownBy(() -> step.policy(yaml)).isInstanceOfSatisfying(ConfigProblem.class, refused -> {
            assertThat(refused.problem().code()).isEqualTo(code);
            assertThat(refused.problem().span()).isNotNull();
        });
    }

    @Test
    void reportsEveryWrongHeaderAtOnce() {
        assertThatThrownBy(() -> step.policy("forwardHeaders: {a: one, te: 1, b: 'x ==='}"))
                .isInstanceOf(ConfigProblem.class);

        assertThat(step.codes()).containsExactly("E0462", "E0463");
    }

    @Test
    void pointsAtTheCharacterThatIsWrong() {
        assertThatThrownBy(() -> step.policy("forwardHeaders: {a: 'req..url'}"))
                .isInstanceOfSatisfying(
                        ConfigProblem.class,
                        refused -> assertThat(refused.problem().span())
                                .extracting("line", "column", "endColumn")
                                .containsExactly(1, 25, 26));
    }
}
