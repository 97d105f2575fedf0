package dev.gatehouse.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.ParsedBody;
import dev.gatehouse.expression.value.ExpressionSyntaxException;
import dev.gatehouse.expression.value.JsonText;
import dev.gatehouse.expression.value.Undefined;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code req.body}, on the fast path and in the engine. */
class BodyExpressionTest {
    private final ExchangeFixture exchange = ExchangeFixture.get("/");

    private @Nullable Object value(String source) throws ExpressionSyntaxException {
        return Expression.compile(source).value(exchange);
    }

    private void body(Object tree) {
        exchange.parsedBody(new ParsedBody(ParsedBody.Kind.JSON, tree));
    }

    @BeforeEach
    void read() {
        body(Map.of("a", 1L, "b", Map.of("c", List.of("x", "y")), "length", 7L));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "req.body.a | 1",
                "req.body.b.c[1] | y",
                "req.body.b.c.length | 2",
                "req.body.length | 7",
                "req.body.b.c.join('-') | x-y",
                "req.body.none | undefined",
                "'a' in req.body | true",
                "Object.keys(req.body.b).length | 1",
                "typeof req.body | object"
            })
    void isReadLikeAnyObject(String source, String expected) throws ExpressionSyntaxException {
        Object value = value(source);

        assertThat(value instanceof Number number ? String.valueOf(number.intValue()) : String.valueOf(value))
                .isEqualTo(expected);
    }

    @Test
    void isUndefinedUntilSomebodyNeedsIt() throws ExpressionSyntaxException {
        exchange.parsedBody(null);

        assertThat(value("req.body")).isEqualTo(Undefined.INSTANCE);
        assertThat(value("var b = req.body; typeof b")).isEqualTo("undefined");
    }

    @Test
    void isTheNewOneAfterAPolicyChangedIt() throws ExpressionSyntaxException {
        assertThat(value("var b = req.body; b.x = 'own'; req.body.x")).isEqualTo("own");

        body(Map.of("a", "changed"));

        assertThat(value("var b = req.body; b.a + typeof b.x")).isEqualTo("changedundefined");
        assertThat(value("req.body.a")).isEqualTo("changed");
    }

    @Test
    void cannotBeChangedByAScriptForTheService() throws ExpressionSyntaxException {
        assertThat(value("req.body.a = 'other'; req.body.a")).isEqualTo("other");

        ParsedBody parsed = Objects.requireNonNull(exchange.parsedBody(), "no body");
        assertThat(parsed.tree()).asString().doesNotContain("other");
    }

    @Test
    void keepsEveryDigitInADocumentOnly() {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("l", 9007199254740993L);
        tree.put("b", new BigInteger("12345678901234567890"));
        tree.put("d", 1.0);

        assertThat(JsonText.document(tree)).isEqualTo("{\"l\":9007199254740993,\"b\":12345678901234567890,\"d\":1}");
        assertThat(JsonText.of(tree)).isEqualTo("{\"l\":9007199254740992,\"b\":12345678901234567000,\"d\":1}");
    }
}
