package dev.gatehouse.policies.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.expression.value.ExpressionFailure;
import dev.gatehouse.policies.StepFixture;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSchemaConditionTest {
    private static final String SCHEMA = "{type: object, required: [name], "
            + "properties: {name: {type: string}, n: {type: integer}, on: {type: boolean}}}";
    private static final Policy PASSED = exchange -> Verdict.reply(Reply.of(null, 200, "text/plain", new byte[0]));

    private final StepFixture step = StepFixture.of("proxy");

    private Condition condition(String parameters) {
        return step.condition("{name: json-schema, " + parameters + "}");
    }

    private ExchangeFixture ask(Condition condition, ExchangeFixture exchange) {
        return exchange.then(condition, PASSED, step.bodyBytes()).run();
    }

    private boolean fits(String parameters, ExchangeFixture exchange) {
        ExchangeFixture asked = ask(condition(parameters), exchange);
        assertThat(asked.failure()).isNull();
        return asked.reply() != null;
    }

    private static ExchangeFixture json(String body) {
        return ExchangeFixture.request("POST", "/")
                .header("content-type", "application/json")
                .body(body);
    }

    private static ExchangeFixture form(String body) {
        return ExchangeFixture.request("POST", "/")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":\"a\"} | true",
                "{\"name\":\"a\",\"n\":7} | true",
                "{\"name\":\"a\",\"n\":7.0} | true",
                "{\"name\":\"a\",\"n\":7.5} | false",
                "{\"name\":\"a\",\"n\":\"7\"} | false",
                "{\"name\":5} | false",
                "{\"n\":1} | false",
                "[] | false",
                "{} | false"
            })
    void checksJsonWithoutConversions(String body, boolean expected) {
        assertThat(fits("schema: " + SCHEMA, json(body))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "name=a&n=3, true",
        "name=a&n=x, false",
        "name=a&on=true, true",
        "name=a&on=yes, false",
        "x=y, false",
        "name[a]=b, false"
    })
    void takesTheTextsOfAFormForOtherTypes(String body, boolean expected) {
        assertThat(fits("schema: " + SCHEMA, form(body))).isEqualTo(expected);
    }

    @Test
    void convertsJsonWhenToldTo() {
        assertThat(fits("coerce: true, schema: " + SCHEMA, json("{\"name\":5,\"n\":\"7\"}")))
                .isTrue();
    }

    @Test
    void convertsNothingWhenToldNotTo() {
        assertThat(fits("coerce: false, schema: " + SCHEMA, form("name=a&n=3"))).isFalse();
    }

    @Test
    void takesOtherBodiesForAnEmptyObject() {
        ExchangeFixture text = ExchangeFixture.request("POST", "/")
                .header("content-type", "text/plain")
                .body("{\"name\":\"a\"}");

        assertThat(fits("schema: " + SCHEMA, text)).isFalse();
        assertThat(fits("schema: {type: object}", ExchangeFixture.get("/"))).isTrue();
    }

    @Test
    void leavesTheBodyAsItCame() {
        ExchangeFixture exchange = json("{ \"name\" : \"spaces  kept\" }");

        assertThat(fits("schema: " + SCHEMA, exchange)).isTrue();
        assertThat(exchange.replacedBody()).isNull();
    }

    @Test
    void showsTheBodyToLaterExpressions() {
        Condition schema = condition("schema: " + SCHEMA);
        Policy headers = StepFixture.of("headers").policy("forwardHeaders: {x-n: req.body.name.length}");

        ExchangeFixture exchange = json("{\"name\":\"abc\"}")
                .then(schema, each -> Verdict.next(), step.bodyBytes())
                .run(headers);

        assertThat(exchange.request().headers().get("x-n")).isEqualTo("3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "allOf | true",
                "oneOf | true",
            })
    void worksInsideOtherConditions(String name, boolean expected) {
        String inner = "{name: json-schema, schema: " + SCHEMA + "}";
        Condition outer = step.condition("{name: " + name + ", conditions: [" + inner + "]}");

        assertThat(ask(outer, json("{\"name\":\"a\"}")).reply() != null).isEqualTo(expected);
    }

    @Test
    void worksNegated() {
        Condition not = step.condition("{name: not, condition: {name: json-schema, schema: " + SCHEMA + "}}");

        assertThat(ask(not, json("{}")).reply()).isNotNull();
        assertThat(ask(not, json("{\"name\":\"a\"}")).reply()).isNull();
    }

    @Nested
    class Refusing {
        private void assertRefused(ExchangeFixture exchange, Refusal refusal, int status) {
            ExchangeFixture asked = ask(condition("maxBodySize: 40, schema: {}"), exchange);

            Reply reply = Objects.requireNonNull(asked.reply(), "no reply");
            assertThat(reply.refusal()).isEqualTo(refusal);
            assertThat(reply.status()).isEqualTo(status);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"{\"name\":", "5", "\"text\"", "nonsense", "{\"a\":1}x", "{\"a\":1,\"a\":2}", "[1e999]"})
        void refusesWhatIsNoJsonObjectOrList(String body) {
            assertRefused(json(body), Refusal.BAD_REQUEST, 400);
        }

        @Test
        void refusesWhatIsNotUtf8() {
            ExchangeFixture exchange = json("").body("{\"a\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1));

            assertRefused(exchange, Refusal.BAD_REQUEST, 400);
        }

        @Test
        void refusesAnotherCharacterSet() {
            ExchangeFixture exchange = ExchangeFixture.request("POST", "/")
                    .header("content-type", "application/json; charset=iso-8859-1")
                    .body("{}");

            assertRefused(exchange, Refusal.BAD_REQUEST, 415);
        }

        @Test
        void refusesAnUnknownCoding() {
            assertRefused(json("{}").header("content-encoding", "br"), Refusal.BAD_REQUEST, 415);
        }

        @Test
        void refusesALargerBody() {
            assertRefused(json(" ".repeat(39) + "{}"), Refusal.BODY_TOO_LARGE, 413);
        }

        @Test
        void refusesWhenTheSchemaNeedsTooManySteps() {
            String twice = "{oneOf: [{properties: {a: {$ref: '#'}}}, {type: object, properties: {a: {$ref: '#'}}}]}";
            ExchangeFixture asked =
                    ask(condition("schema: " + twice), json("{\"a\":".repeat(30) + "{}" + "}".repeat(30)));

            assertThat(asked.reply()).isNull();
            assertThat(asked.failure()).isInstanceOf(ExpressionFailure.class);
        }

        @Test
        void refusesWhenAPatternTakesTooLong() {
            ExchangeFixture asked =
                    ask(condition("schema: {items: {pattern: '^(a+)+$'}}"), json("[\"" + "a".repeat(40) + "!\"]"));

            assertThat(asked.reply()).isNull();
            assertThat(asked.failure()).isInstanceOf(ExpressionFailure.class);
        }

        @Test
        void refusesWhenThePatternsTogetherTakeTooLong() {
            String items = ("\"" + "a".repeat(14) + "!\",").repeat(5000);
            ExchangeFixture asked =
                    ask(condition("schema: {items: {not: {pattern: '^(a+)+$'}}}"), json("[" + items + "1]"));

            assertThat(asked.reply()).isNull();
            assertThat(asked.failure()).isInstanceOf(ExpressionFailure.class);
        }
    }

    @Nested
    class Written {
        private Problem problem(String parameters) {
            try {
                condition(parameters);
            } catch (ConfigProblem refused) {
                return refused.problem();
            }
            throw new AssertionError("accepted: " + parameters);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "logErrors: false | E0201",
                    "schema: text | E0202",
                    "schema: [] | E0202",
                    "schema: {}, logErrors: maybe | E0203",
                    "schema: {}, coerce: maybe | E0203",
                    "schema: {}, maxBodySize: much | E0203",
                    "schema: {}, maxBodySize: 0 | E0203",
                    "schema: {}, maxBodySize: -1 | E0203",
                    "schema: {}, maxBodySize: 1048577 | E0483",
                    "schema: {}, logErors: true | E0204",
                    "schema: {}, coerc: true | E0204",
                    "schema: {}, maxBodysize: 5 | E0204",
                    "schema: {type: objekt} | E0485",
                    "schema: {properties: {a: {minLength: x}}} | E0485",
                    "schema: {required: name} | E0485",
                    "schema: {pattern: '('} | E0485",
                    "schema: {$id: 'not a uri'} | E0485",
                    "schema: {$ref: '#/definitions/none'} | E0486",
                    "schema: {properties: {a: {$ref: 'http://127.0.0.1:1/x.json'}}} | E0486",
                    "schema: {$ref: '//127.0.0.1/x.json'} | E0486",
                    "schema: {$ref: 'file:///etc/passwd'} | E0486",
                    "schema: {$ref: '/etc/passwd'} | E0486",
                    "schema: {$ref: '../secret.json'} | E0486",
                    "schema: {$id: 'http://example.com/s', $ref: 'http://example.com/t'} | E0486",
                    "schema: {$ref: none.json} | E0487",
                    "schema: {$ref: broken.json} | E0487",
                    "schema: {$schema: 'http://json-schema.org/draft-04/schema#'} | E0488"
                })
        void refusesAMistakeAndTellsItsPlace(String parameters, String code) {
            step.file("broken.json", "{");

            Problem problem = problem(parameters);

            assertThat(problem.code()).as(problem.message()).isEqualTo(code);
            assertThat(problem.span()).isNotNull();
        }

        @Test
        void tellsTheLineOfAMistakeInTheSchema() {
            Problem problem = problem("\n schema: {\n  properties: {\n   a: {type: text}}}");

            assertThat(Objects.requireNonNull(problem.span()).line()).isEqualTo(4);
            assertThat(problem.message()).contains("schema.properties.a.type");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{$id: 'http://example.com/s1', type: object}",
                    "{$id: 'http://example.com/s1#', type: object}",
                    "{$id: orders, type: object}",
                    "{$schema: 'http://json-schema.org/draft-07/schema#', type: object}",
                    "{$id: 'http://example.com/s1', definitions: {q: {type: object}}, "
                            + "$ref: 'http://example.com/s1#/definitions/q'}",
                    "{definitions: {q: {$id: '#q', type: object}}, $ref: '#q'}",
                    "{definitions: {q: {$id: 'http://example.com/q', type: object}}, $ref: 'http://example.com/q'}",
                    "{$ref: object.json}",
                    "{$id: 'http://example.com/s1', $ref: 'object.json#/definitions/it'}",
                    "{$ref: chain.json}"
                })
        void findsWhatASchemaRefersTo(String schema) {
            step.file("object.json", "{\"definitions\": {\"it\": {\"type\": \"object\"}}, \"type\": \"object\"}");
            step.file("chain.json", "{\"$ref\": \"object.json#/definitions/it\"}");

            assertThat(fits("schema: " + schema, json("{}"))).isTrue();
            assertThat(fits("schema: " + schema, json("[]"))).isFalse();
        }

        @Test
        void warnsAboutAWordThatIsProbablyMisspelt() {
            condition("schema: {type: object, x-note: 1, example: {a: 1}, properties: {a: {minLenght: 3}}}");

            assertThat(step.problems().all()).singleElement().satisfies(problem -> {
                assertThat(problem.code()).isEqualTo("W0485");
                assertThat(problem.hints()).containsExactly("did you mean 'minLength'?");
                assertThat(problem.span()).isNotNull();
            });
        }

        @Test
        void keepsSchemasOfTheSameNameApart() {
            Condition object = condition("schema: {$id: 'http://example.com/s', type: object}");
            Condition list = condition("schema: {$id: 'http://example.com/s', type: array}");

            assertThat(ask(object, json("{}")).reply()).isNotNull();
            assertThat(ask(list, json("{}")).reply()).isNull();
        }
    }

    @Test
    void refusesToDecideWithoutABody() {
        Condition condition = condition("schema: {}");

        assertThatThrownBy(() -> condition.test(ExchangeFixture.get("/"))).isInstanceOf(IllegalStateException.class);
    }
}
