package dev.gatehouse.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.gatehouse.exchange.ApiEndpoint;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.Identity;
import dev.gatehouse.exchange.RouteMatch;
import dev.gatehouse.expression.value.Coercion;
import dev.gatehouse.expression.value.ExpressionFailure;
import dev.gatehouse.expression.value.ExpressionSyntaxException;
import dev.gatehouse.expression.value.JsonText;
import dev.gatehouse.expression.value.Undefined;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
    static Stream<Arguments> valuesAsJson() {
        return Stream.of(
                arguments("'constant text'", "\"constant text\""),
                arguments("\"double\"", "\"double\""),
                arguments("42", "42"),
                arguments("1.5", "1.5"),
                arguments("0x10 + 1e21", "1e+21"),
                arguments("true", "true"),
                arguments("null", "null"),
                arguments("req.method", "\"POST\""),
                arguments("req.url", "\"/pa/th?q=va%20l&n=21&b[c]=2&d=1&d=2&z=\""),
                arguments("req.originalUrl === req.url", "true"),
                arguments("req.path", "\"/pa/th\""),
                arguments("req.path.toUpperCase()", "\"/PA/TH\""),
                arguments("req.path.split('/').length", "3"),
                arguments("req.baseUrl", "\"\""),
                arguments("req.httpVersion", "\"1.1\""),
                arguments("req.query.q", "\"va l\""),
                arguments("req.query.n * 2", "42"),
                arguments(
                        "req.query",
                        "{\"q\":\"va l\",\"n\":\"21\",\"b\":{\"c\":\"2\"},\"d\":[\"1\",\"2\"],\"z\":\"\"}"),
                arguments("req.query.b.c + req.query.d[1]", "\"22\""),
                arguments("req.query.d.includes('2')", "true"),
                arguments("req.query.z || 'dflt'", "\"dflt\""),
                arguments("req.query.v ? 'yes' : 'no'", "\"no\""),
                arguments("req.params.id", "\"7\""),
                arguments("req.headers['x-in']", "\"in-value\""),
                arguments("req.headers['X-In']", "null"),
                arguments("req.headers.cookie", "\"a=1; b=two%20words\""),
                arguments("req.headers['x-many']", "\"1, 2\""),
                arguments("req.get('X-IN')", "\"in-value\""),
                arguments("req.header('x-in') === 'in-value'", "true"),
                arguments("req.get('referrer')", "\"from\""),
                arguments("'x-in' in req.headers", "true"),
                arguments("Object.keys(req.headers).indexOf('x-in') >= 0", "true"),
                arguments("req.cookies.b", "\"two words\""),
                arguments("req.hostname", "\"api.example.com\""),
                arguments("req.host", "\"api.example.com\""),
                arguments("req.ip", "\"127.0.0.1\""),
                arguments("req.ips", "[]"),
                arguments("req.protocol + req.secure", "\"httpfalse\""),
                arguments("req.subdomains", "[\"api\"]"),
                arguments("req.route.path", "\"/:id\""),
                arguments("req.connection.remoteAddress", "\"127.0.0.1\""),
                arguments("req.client.authorized", "false"),
                arguments("req.vhost[0]", "\"api\""),
                arguments("req.isAuthenticated() && !req.isUnauthenticated()", "true"),
                arguments("req.consumerId", "null"),
                arguments("req.user.sub", "\"alice\""),
                arguments("consumer.sub", "\"alice\""),
                arguments("egContext.consumer.sub + egContext.req.method", "\"alicePOST\""),
                arguments("consumer.exp", "1800000000"),
                arguments("consumer.big", "12345678901234567000"),
                arguments("consumer.token.scopes", "[\"a\",\"b\"]"),
                arguments("consumer.token.scopes.length", "2"),
                arguments("consumer.scope.split(' ').includes('admin')", "true"),
                arguments("req.user.scope.split(' ')", "[\"read\",\"admin\"]"),
                arguments("consumer && consumer.sub || 'anonymous'", "\"alice\""),
                arguments("Object.keys(consumer)", "[\"sub\",\"scope\",\"exp\",\"big\",\"token\",\"text\"]"),
                arguments("({...consumer}).sub + Object.assign({}, consumer).sub", "\"alicealice\""),
                arguments("consumer.hasOwnProperty('sub') + '' + consumer.hasOwnProperty('x')", "\"truefalse\""),
                arguments("var n = 0; for (var k in consumer) n++; n", "6"),
                arguments("consumer === req.user && consumer.token === consumer.token", "true"),
                arguments("JSON.stringify(consumer.token)", "\"{\\\"scopes\\\":[\\\"a\\\",\\\"b\\\"]}\""),
                arguments("JSON.parse(JSON.stringify(consumer)).token.scopes[0]", "\"a\""),
                arguments("Array.isArray(consumer.token.scopes)", "true"),
                arguments("apiEndpoint.apiEndpointName", "\"orders\""),
                arguments("apiEndpoint.scopes", "[\"orders.read\"]"),
                arguments("apiEndpoint.team", "\"blue\""),
                arguments("apiEndpoint.toString === undefined", "false"),
                arguments("requestID", "\"0000000000000000000001\""),
                arguments("egContext.requestID.length", "22"),
                arguments("res.statusCode", "200"),
                arguments("`${req.url} ${egContext.req.method} ${res.test}`.slice(-14)", "\"POST undefined\""),
                arguments("`${req.method}:${req.path}`", "\"POST:/pa/th\""),
                arguments("'a' + 1 + 2", "\"a12\""),
                arguments("['one', 'two']", "[\"one\",\"two\"]"),
                arguments(
                        "({a: 1, f: function () {}, u: undefined, d: new Date(0)})",
                        "{\"a\":1,\"d\":\"1970-01-01T00:00:00.000Z\"}"),
                arguments("new Date(0).toISOString()", "\"1970-01-01T00:00:00.000Z\""),
                arguments("typeof require + typeof process + typeof console", "\"undefinedundefinedobject\""),
                arguments("/^p(.)/.exec('pa')[1]", "\"a\""),
                arguments("req.url.replace(/^\\/pa(.*)$/, '/new$1').length > 5", "true"),
                arguments("[...[1, 2]].map(x => x * 2)", "[2,4]"),
                arguments("let f = (a, b = 2) => a + b; f(1)", "3"),
                arguments("var s = 0; for (let i of [1, 2, 3]) { s += i } s", "6"),
                arguments("try { nothing } catch (e) { e instanceof ReferenceError }", "true"),
                arguments(
                        "run('req.method') + match('1 == 1') + evaluateAsTemplateString('${req.path}')",
                        "\"POSTtrue/pa/th\""),
                arguments("console.log('x'); 1", "1"),
                arguments("(function () { return typeof this })()", "\"object\""),
                arguments("[3, 1, 2].sort().concat([4]).join('-')", "\"1-2-3-4\""),
                arguments("'%41' + decodeURIComponent('%41') + encodeURIComponent('/')", "\"%41A%2F\""),
                arguments("new Map([[1, 2]]).get(1) + [...new Set([1, 1])].length", "3"),
                arguments("consumer?.sub ?? 'x'", "\"alice\""));
    }

    private static ExchangeFixture exchange() {
        Map<String, @Nullable Object> claims = new LinkedHashMap<>();
        claims.put("sub", "alice");
        claims.put("scope", "read admin");
        claims.put("exp", 1_800_000_000L);
        claims.put("big", 1.2345678901234567e19);
        claims.put("token", Map.of("scopes", List.of("a", "b")));
        claims.put("text", "é");
        ExchangeFixture exchange = ExchangeFixture.request("POST", "/pa/th?q=va%20l&n=21&b[c]=2&d=1&d=2&z=")
                .host("api.example.com:8080")
                .header("X-In", "in-value")
                .header("Cookie", "a=1")
                .header("Cookie", "b=two%20words")
                .header("X-Many", "1")
                .header("X-Many", "2")
                .header("Referer", "from")
                .match(new RouteMatch("/:id", Map.of("id", "7"), List.of("api"), 0))
                .endpoint(new ApiEndpoint("orders", List.of("orders.read"), Map.of("team", "blue")));
        exchange.identify(new Identity(claims));
        return exchange;
    }

    @ParameterizedTest
    @MethodSource("valuesAsJson")
    void givesTheValueThatJavaScriptGives(String source, String json) throws Exception {
        Object value = Expression.compile(source).value(exchange());

        assertThat(value == Undefined.INSTANCE ? "null" : JsonText.of(value)).isEqualTo(json);
    }

    @ParameterizedTest
    @MethodSource("valuesAsJson")
    void givesTheSameValueInTheEngine(String source, String json) throws Exception {
        Object value = Expression.compile(source).program().value(exchange());

        assertThat(value == Undefined.INSTANCE ? "null" : JsonText.of(value)).isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "req.query.z | false",
                "req.query.n | true",
                "req.query.nothing | false",
                "'' | false",
                "0/0 | false",
                "[] | true",
                "consumer | true",
                "req.url.indexOf('/pa') === 0 && req.method === 'POST' | true"
            })
    void decidesLikeJavaScriptWhatIsTrue(String source, boolean expected) throws Exception {
        Expression expression = Expression.compile(source);

        assertThat(expression.truthy(exchange())).isEqualTo(expected);
        assertThat(expression.program().truthy(exchange())).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "consumer.sub",
                "req.user.sub",
                "req.headers['x-in']",
                "req.get('x-in')",
                "'text'",
                "`${req.method} ${req.url}`",
                "req.method === 'GET' ? 'a' : 'b'",
                "JSON.stringify(consumer)",
                "req.query.v === '2'",
                "consumer && consumer.sub || 'anonymous'",
                "req.query.sub",
                "!req.user",
                "req.url.length>5",
                "egContext.requestID",
                "apiEndpoint.scopes",
                "'a' + consumer.sub"
            })
    void needsNoEngineForCommonShapes(String source) throws Exception {
        assertThat(Expression.compile(source).direct()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "req",
                "req.headers",
                "consumer.name.link",
                "consumer.constructor",
                "req.headers.toString",
                "a.b",
                "consumer?.sub",
                "req.headers[req.query.h]",
                "req.query === req.query",
                "1; 2",
                "new Date()"
            })
    void leavesWhatCouldDifferToTheEngine(String source) throws Exception {
        assertThat(Expression.compile(source).direct()).isNull();
    }

    @Nested
    class Writing {
        private final ExchangeFixture exchange = exchange();

        private @Nullable Object run(String source) throws ExpressionSyntaxException {
            return Expression.compile(source).value(exchange);
        }

        @Test
        void rewritesTheTarget() throws Exception {
            run("req.url = '/rewritten' + req.url");

            assertThat(exchange.request().uri()).startsWith("/rewritten/pa/th?q=");
            assertThat(run("req.path")).isEqualTo("/rewritten/pa/th");
            assertThat(run("req.originalUrl")).isEqualTo(exchange.originalTarget());
        }

        @Test
        void setsAndDeletesHeaders() throws Exception {
            run("req.headers['x-set'] = 'by code'; req.headers['X-In'] = 5; delete req.headers.cookie");

            assertThat(exchange.request().headers().get("x-set")).isEqualTo("by code");
            assertThat(exchange.request().headers().getAll("x-in")).containsExactly("5");
            assertThat(exchange.request().headers().contains("cookie")).isFalse();
            assertThat(run("req.headers['X-In']")).isEqualTo("5");
        }

        @Test
        void setsTheMethodTheUserAndTheRequestId() throws Exception {
            run("req.method = 'PUT'; req.user = {id: 'bob', roles: ['x']}; egContext.requestID = 'abc'");

            assertThat(exchange.request().method().name()).isEqualTo("PUT");
            assertThat(run("consumer.roles[0] + consumer.id")).isEqualTo("xbob");
            assertThat(exchange.id()).isEqualTo("abc");
            run("req.user = undefined");
            assertThat(exchange.identity()).isNull();
        }

        @Test
        void keepsVariablesForLaterStepsOfTheSameExchange() throws Exception {
            run("req.myValue = 6 * 7; var a = 1; let b = 2; c = 3; function d() { return 4 }");

            assertThat(Coercion.text(run("req.myValue"))).isEqualTo("42");
            assertThat(Coercion.text(run("a + b + c + d()"))).isEqualTo("10");
            assertThat(Expression.compile("typeof a + typeof req.myValue").value(exchange()))
                    .isEqualTo("undefinedundefined");
        }

        @Test
        void keepsTheAnswerAboutTheTokenUnchanged() throws Exception {
            run("consumer.token.scopes.push('x')");

            assertThat(exchange.identity()).isEqualTo(exchange().identity());
        }

        @Test
        void showsChangesOfTheQueryToTheFastPath() throws Exception {
            run("req.query.q = 'changed'");

            assertThat(run("req.query.q")).isEqualTo("changed");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "req.headers['x-a'] = 'a\\r\\nx-injected: 1'",
                    "req.headers['x-a'] = ['ok', 'b\\0']",
                    "req.headers['x a'] = 'v'",
                    "req.headers['x-a'] = undefined",
                    "req.headers['transfer-encoding'] = 'chunked'",
                    "req.headers['Content-Length'] = 3",
                    "delete req.headers['content-length']",
                    "req.headers.connection = 'close'",
                    "req.headers = {}",
                    "req.url = '/a b'",
                    "req.url = 'http://other/'",
                    "req.url = '/a/../b'",
                    "req.url = '/%2e%2E/b'",
                    "req.url = '/a\\r\\nb'",
                    "req.url = '/\\u00e9'",
                    "req.url = '/a\\\\b'",
                    "req.url = '/%zz'",
                    "req.url = undefined",
                    "req.method = 'GET /x'",
                    "req.method = ''",
                    "req.method = 'CONNECT'",
                    "egContext.requestID = 'a\\nb'",
                    "req.user = 'admin'",
                    "consumer.sub = 'admin'",
                    "delete consumer.sub",
                    "consumer = {}",
                    "req = {}",
                    "egContext.req = {}",
                    "Object.defineProperty(consumer, 'sub', {value: 'x'}); consumer.token = 1"
                })
        void refusesWhatMustNeverReachTheWire(String source) throws Exception {
            String before = exchange.request().toString() + exchange.identity();
            Expression expression = Expression.compile(source);

            assertThatThrownBy(() -> expression.value(exchange)).isInstanceOf(ExpressionFailure.class);
            assertThat(exchange.request().toString() + exchange.identity()).isEqualTo(before);
        }
    }

    @Nested
    class Failing {
        private final ExchangeFixture anonymous = ExchangeFixture.get("/?a=secret-value");

        @ParameterizedTest
        @CsvSource(
                quoteCharacter = '"',
                delimiter = '|',
                value = {
                    "consumer.sub | NO_IDENTITY",
                    "req.user.sub | NO_IDENTITY",
                    "consumer.sub.split(' ') | NO_IDENTITY",
                    "consumer.foo() | NO_IDENTITY",
                    "consumer['x'].y() | NO_IDENTITY",
                    "egContext.consumer.sub | NO_IDENTITY",
                    "egContext.req.user.sub.length | NO_IDENTITY",
                    "`${consumer.sub}` | NO_IDENTITY",
                    "req.query.b.c | ERROR",
                    "req.query.b.split(' ') | ERROR",
                    "nosuchvar.x | ERROR",
                    "Express-Gateway | ERROR",
                    "req.query.a.foo() | ERROR",
                    "throw new Error('secret-value') | ERROR",
                    "JSON.parse(req.query.a) | ERROR",
                    "req | ERROR",
                    "var o = {}; o.o = o; o | LIMIT"
                })
        void tellsTheKindButNoValues(String source, ExpressionFailure.Kind kind) throws Exception {
            Expression expression = Expression.compile(source);

            assertThatThrownBy(() -> expression.value(anonymous))
                    .isInstanceOfSatisfying(ExpressionFailure.class, failure -> {
                        assertThat(failure.kind()).isEqualTo(kind);
                        assertThat(failure.status()).isEqualTo(500);
                        assertThat(failure.getStackTrace()).isEmpty();
                        assertThat(failure.getMessage()).doesNotContain("secret-value");
                    });
        }

        @Test
        void carriesTheStatusOfTheThrownObject() throws Exception {
            Expression expression = Expression.compile("throw {status: 403, message: 'no'}");

            assertThatThrownBy(() -> expression.value(anonymous))
                    .isInstanceOfSatisfying(
                            ExpressionFailure.class,
                            failure -> assertThat(failure.status()).isEqualTo(403));
        }

        @ParameterizedTest
        @ValueSource(strings = {"throw {status: 200}", "throw {status: 600}", "throw {get status() { for (;;); }}"})
        void refusesAStatusThatIsNoError(String source) throws Exception {
            Expression expression = Expression.compile(source);

            assertThatThrownBy(() -> expression.value(anonymous))
                    .isInstanceOfSatisfying(
                            ExpressionFailure.class,
                            failure -> assertThat(failure.status()).isEqualTo(500));
        }
    }

    @Nested
    class Compiling {
        @ParameterizedTest
        @CsvSource(
                quoteCharacter = '"',
                delimiter = '|',
                value = {
                    "req.url === | 1 | false",
                    "req..url | 1 | false",
                    "'open | 1 | false",
                    "/[/ | 1 | false",
                    "a b | 1 | false",
                    "class A {} | 1 | true",
                    "async function f() {} | 1 | true",
                    "f(...[1]) | 1 | true",
                    "((...a) => a)(1) | 1 | true",
                    "import('x') | 1 | true",
                    "10n ** 1000000000n | 1 | true",
                    "<a/> | 1 | false"
                })
        void refusesWhatTheEngineDoesNotKnow(String source, int line, boolean unsupported) {
            assertThatThrownBy(() -> Expression.compile(source))
                    .isInstanceOfSatisfying(ExpressionSyntaxException.class, problem -> {
                        assertThat(problem.line()).isEqualTo(line);
                        assertThat(problem.column()).isBetween(1, source.length() + 1);
                        assertThat(problem.isUnsupported()).isEqualTo(unsupported);
                        assertThat(problem.getMessage()).isNotBlank();
                    });
        }

        @Test
        void pointsAtTheLineAndColumnOfTheError() {
            assertThatThrownBy(() -> Expression.compile("var a = 1;\nvar b = ;"))
                    .isInstanceOfSatisfying(ExpressionSyntaxException.class, problem -> {
                        assertThat(problem.line()).isEqualTo(2);
                        assertThat(problem.column()).isBetween(8, 10);
                    });
        }

        @Test
        void namesAWordThatWasMeantAsText() throws Exception {
            assertThat(Expression.compile("internal").unknownWord()).isEqualTo("internal");
            assertThat(Expression.compile("requestID").unknownWord()).isNull();
            assertThat(Expression.compile("undefined").unknownWord()).isNull();
            assertThat(Expression.compile("'internal'").unknownWord()).isNull();
        }

        @Test
        void compilesTemplatesAndRefusesABacktick() throws Exception {
            assertThat(Template.compile("request ${req.method} to ${req.path}").text(exchange()))
                    .isEqualTo("request POST to /pa/th");
            assertThat(Template.compile("user ${requestID} ${JSON.stringify(req.params)}")
                            .text(exchange()))
                    .isEqualTo("user 0000000000000000000001 {\"id\":\"7\"}");
            assertThatThrownBy(() -> Template.compile("a ` b")).isInstanceOf(ExpressionSyntaxException.class);
            assertThatThrownBy(() -> Template.compile("${process.exit(1)}").text(exchange()))
                    .isInstanceOf(ExpressionFailure.class);
        }
    }
}
