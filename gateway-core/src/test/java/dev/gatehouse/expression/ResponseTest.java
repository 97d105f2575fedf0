package dev.gatehouse.expression;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.expression.value.Coercion;
import dev.gatehouse.expression.value.ExpressionFailure;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.Verdict;
import io.netty.handler.codec.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code res} before there is a response, as the answer of a script, and while the response hooks run. */
class ResponseTest {
    private static final Policy FORWARD = x -> Verdict.forward(new ForwardPlan("backend", List.of(), "/", null, false));

    private final ExchangeFixture exchange =
            ExchangeFixture.get("/a").header("referer", "/from").header("accept", "*/*");

    private static Policy script(String source) throws Exception {
        Expression expression = Expression.compile(source);
        return x -> {
            expression.run(x);
            return Verdict.next();
        };
    }

    private @Nullable Object value(String source) throws Exception {
        return Expression.compile(source).value(exchange);
    }

    private ExchangeFixture run(String source) throws Exception {
        return exchange.run(script(source), FORWARD);
    }

    private static String body(Reply reply) {
        return new String(requireNonNull(reply.content()).bytes(), StandardCharsets.UTF_8);
    }

    @Nested
    class Answering {
        @ParameterizedTest
        @CsvSource(
                quoteCharacter = '"',
                delimiter = '|',
                value = {
                    "res.send('hi') | 200 | text/html; charset=utf-8 | hi",
                    "res.status(299).send('from code') | 299 | text/html; charset=utf-8 | from code",
                    "res.status(403).json({error: 'x', n: [1, null]}) | 403 | application/json; charset=utf-8"
                            + " | {\"error\":\"x\",\"n\":[1,null]}",
                    "res.json({d: new Date(0)}) | 200 | application/json; charset=utf-8"
                            + " | {\"d\":\"1970-01-01T00:00:00.000Z\"}",
                    "res.json('text') | 200 | application/json; charset=utf-8 | \"\"\"text\"\"\"",
                    "res.json(null) | 200 | application/json; charset=utf-8 | null",
                    "res.json() | 200 | application/json; charset=utf-8 | ",
                    "res.json(401, {a: 1}) | 401 | application/json; charset=utf-8 | {\"a\":1}",
                    "res.send({a: 1}) | 200 | application/json; charset=utf-8 | {\"a\":1}",
                    "res.send([1, 2]) | 200 | application/json; charset=utf-8 | [1,2]",
                    "res.send(true) | 200 | application/json; charset=utf-8 | true",
                    "res.send(404) | 404 | text/plain; charset=utf-8 | Not Found",
                    "res.send(403, 'no') | 403 | text/html; charset=utf-8 | no",
                    "res.send() | 200 | | ",
                    "res.send(null) | 200 | | ",
                    "res.send('') | 200 | text/html; charset=utf-8 | ",
                    "res.send('gr\u00fc\u00dfe \u2603') | 200 | text/html; charset=utf-8 | gr\u00fc\u00dfe \u2603",
                    "res.type('json').send('{}') | 200 | application/json; charset=utf-8 | {}",
                    "res.type('.png').end('x') | 200 | image/png | x",
                    "res.type('application/problem+json').end('{}') | 200 | application/problem+json | {}",
                    "res.type('zip').end('') | 200 | application/octet-stream | ",
                    "res.set('content-type', 'text/css').send('a{}') | 200 | text/css; charset=utf-8 | a{}",
                    "res.set('Content-Type', 'text/x; charset=latin1; a=b').send('x')"
                            + " | 200 | text/x; a=b; charset=utf-8 | x",
                    "res.setHeader('content-type', 'text/css'); res.end('a') | 200 | text/css | a",
                    "res.end() | 200 | | ",
                    "res.end('raw') | 200 | | raw",
                    "res.statusCode = 204; res.end() | 204 | | ",
                    "res.statusCode = '418'; res.end('t') | 418 | | t",
                    "res.status(400.5).end() | 400 | | ",
                    "res.sendStatus(401) | 401 | text/plain; charset=utf-8 | Unauthorized",
                    "res.sendStatus(299) | 299 | text/plain; charset=utf-8 | 299",
                    "res.redirect('/n') | 302 | text/plain; charset=utf-8 | Found. Redirecting to /n",
                    "res.redirect(301, '/n') | 301 | text/plain; charset=utf-8"
                            + " | Moved Permanently. Redirecting to /n",
                    "res.redirect('/n', 307) | 307 | text/plain; charset=utf-8"
                            + " | Temporary Redirect. Redirecting to /n",
                    "egContext.res.send('x') | 200 | text/html; charset=utf-8 | x",
                    "res.end('a'); res.end() | 200 | | a"
                })
        void stopsThePipelineWithWhatExpressSends(String source, int status, @Nullable String type, String body)
                throws Exception {
            run(source);

            assertThat(exchange.failure()).isNull();
            Reply reply = requireNonNull(exchange.reply());
            assertThat(reply.status()).isEqualTo(status);
            assertThat(requireNonNull(reply.content()).mediaType()).isEqualTo(type == null ? "" : type);
            assertThat(body(reply)).isEqualTo(body == null ? "" : body);
            assertThat(reply.refusal()).isEqualTo(status < 400 ? null : Refusal.TERMINATED);
            assertThat(exchange.forwarded()).isNull();
            assertThat(exchange.auth().decidedBy()).isEqualTo("test@1");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "res.redirect('/a b') | /a%20b",
                    "res.redirect('https://x.example/é?q=%20&r=\"') | https://x.example/%C3%A9?q=%20&r=%22",
                    "res.redirect('/a\\r\\nx-injected: 1') | /a%0D%0Ax-injected:%201",
                    "res.redirect('back') | /from",
                    "res.location('/l').end() | /l"
                })
        void encodesTheAddressOfARedirect(String source, String location) throws Exception {
            run(source);

            assertThat(exchange.respondWithReply().headers().get("location")).isEqualTo(location);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "res.send('a'); res.send('b')",
                    "res.send('a'); res.json({})",
                    "res.send('a'); res.end('b')",
                    "res.send('a'); res.redirect('/')",
                    "res.send('a'); res.set('x-a', '1')",
                    "res.send('a'); res.removeHeader('x-a')",
                    "res.send('a'); nothing.here",
                    "res.send('a'); while (true) {}",
                    "res.status(99).send('a')",
                    "res.status(100).end()",
                    "res.status(600).send('a')",
                    "res.status('many').send('a')",
                    "res.status().send('a')",
                    "res.statusCode = undefined",
                    "res.redirect()",
                    "res.redirect(302)(1)",
                    "res.end({})",
                    "res.end(5)",
                    "res.json(function f() { f() }.x.y)",
                    "var o = {}; o.o = o; res.json(o)",
                    "res.send({toJSON() { for (;;); }})",
                    "res.send('x'.repeat(1000000) + 'x'.repeat(100000))",
                    "res.send.call({}, 'x')",
                    "res.nothing('x')",
                    "res.headersSent = false"
                })
        void refusesWhatIsNoResponse(String source) throws Exception {
            run(source);

            assertThat(exchange.failure()).isInstanceOf(ExpressionFailure.class);
            assertThat(exchange.reply()).isNull();
            assertThat(exchange.forwarded()).isNull();
        }

        @Test
        void tellsWhetherItAnswered() throws Exception {
            run("req.before = res.headersSent; res.end(); req.after = res.headersSent");

            assertThat(value("req.before + '' + req.after")).isEqualTo("falsetrue");
        }

        @Test
        void refusesTheRequestWhenAConditionAnswers() throws Exception {
            for (String source : List.of("res.status(403).end('no'); false", "res.status(403).end('no')")) {
                Expression condition = Expression.compile(source);
                ExchangeFixture own = ExchangeFixture.get("/").then(condition::truthy, FORWARD);

                own.run(FORWARD);

                assertThat(requireNonNull(own.reply()).status()).isEqualTo(403);
                assertThat(own.forwarded()).isNull();
            }
        }

        @Test
        void refusesTheRequestWhenTheValueOfAHeaderAnswers() throws Exception {
            Expression header = Expression.compile("res.status(403).json({a: 1})");

            exchange.run(
                    x -> {
                        x.request().headers().set("x-a", Coercion.text(header.value(x)));
                        return Verdict.next();
                    },
                    FORWARD);

            assertThat(requireNonNull(exchange.reply()).status()).isEqualTo(403);
            assertThat(exchange.forwarded()).isNull();
        }

        @Test
        void countsMoreThanTheVerdictOfTheStep() throws Exception {
            Expression expression = Expression.compile("res.sendStatus(403)");

            exchange.run(x -> {
                expression.run(x);
                return FORWARD.apply(x);
            });

            assertThat(requireNonNull(exchange.reply()).status()).isEqualTo(403);
            assertThat(exchange.forwarded()).isNull();
        }
    }

    @Nested
    class BeforeTheResponse {
        @Test
        void addsFieldsThatTheServiceDoesNotSend() throws Exception {
            run("res.setHeader('X-Ours', req.method); res.set('x-both', 'ours');"
                    + "res.set({'x-n': 5, 'x-l': ['a', 'b']}); res.header('x-gone', 1); res.removeHeader('X-Gone');"
                    + "res.append('x-app', 'a').append('x-app', 'b'); res.status(201)");

            HttpResponse response = exchange.respond(200, "x-both", "theirs");

            assertThat(response.status().code()).isEqualTo(200);
            assertThat(response.headers().get("x-ours")).isEqualTo("GET");
            assertThat(response.headers().getAll("x-both")).containsExactly("theirs");
            assertThat(response.headers().get("x-n")).isEqualTo("5");
            assertThat(response.headers().getAll("x-l")).containsExactly("a", "b");
            assertThat(response.headers().contains("x-gone")).isFalse();
            assertThat(response.headers().getAll("x-app")).containsExactly("a", "b");
        }

        @Test
        void addsFieldsToRepliesOfTheGateway() throws Exception {
            exchange.run(
                    script(
                            "res.set('x-ours', 'a'); res.set('retry-after', 'never'); res.set('content-encoding', 'gzip')"),
                    x -> Verdict.reply(Reply.refuse(Refusal.RATE_LIMITED).withHeader("retry-after", "5")));

            HttpResponse response = exchange.respondWithReply();

            assertThat(response.headers().get("x-ours")).isEqualTo("a");
            assertThat(response.headers().getAll("retry-after")).containsExactly("5");
            assertThat(response.headers().contains("content-encoding")).isFalse();
        }

        @Test
        void givesTerminateItsMediaType() throws Exception {
            Reply terminated = Reply.of(Refusal.TERMINATED, 400, "text/html; charset=utf-8", new byte[] {'{', '}'});

            exchange.run(script("res.type('json')"), x -> Verdict.reply(terminated));

            assertThat(requireNonNull(requireNonNull(exchange.reply()).content())
                            .mediaType())
                    .isEqualTo("application/json; charset=utf-8");
        }

        @ParameterizedTest
        @CsvSource(
                quoteCharacter = '"',
                delimiter = '|',
                value = {
                    "res.statusCode | 200",
                    "res.status(201); res.statusCode | 201",
                    "res.statusCode = 404; res.statusCode | 404",
                    "res.set('X-A', 'b'); res.get('x-a') + res.getHeader('X-A') + res.hasHeader('x-a') | bbtrue",
                    "res.get('x-none') | undefined",
                    "res.get('x-none') === undefined | true",
                    "res.set('set-cookie', ['a=1', 'b=2']); res.get('Set-Cookie')[1] | b=2",
                    "res.set('x-a', 'b'); res.set('x-a', undefined); res.get('x-a') | undefined",
                    "res.set('x-a', 'b'); res.setHeader('x-a', null); res.get('x-a') | undefined",
                    "res.locals.a = 5; res.locals.a | 5",
                    "res.custom = 5; res.custom | 5",
                    "res.headersSent | false",
                    "Object.keys(res).join() | statusCode,headersSent,locals",
                    "typeof res.send | function",
                    "'statusCode' in res | true"
                })
        void readsWhatWasSet(String source, String expected) throws Exception {
            assertThat(Coercion.text(value(source))).isEqualTo(expected);
        }

        @Test
        void readsInALaterStepWhatAnEarlierOneSet() throws Exception {
            value("res.status(201).set('x-a', 'b')\n; res.custom = 1; res.locals.l = 2; 0");

            assertThat(Coercion.text(value("res.statusCode"))).isEqualTo("201");
            assertThat(value("res.get('x-a')")).isEqualTo("b");
            assertThat(Coercion.text(value("res.custom + res.locals.l"))).isEqualTo("3");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "res.set('x-a', 'a\\r\\nx-injected: 1')",
                    "res.setHeader('x-a', 'b\\0')",
                    "res.set('x-a', ['ok', 'b\\n'])",
                    "res.set('x a', 'v')",
                    "res.set('', 'v')",
                    "res.set('x-\\u00e9', 'v')",
                    "res.set('Transfer-Encoding', 'chunked')",
                    "res.setHeader('content-length', 3)",
                    "res.removeHeader('Connection')",
                    "res.header('upgrade', 'h2c')",
                    "res.set({'keep-alive': 'timeout=1'})",
                    "res.append('te', 'trailers')",
                    "res.set('x-a')",
                    "res.set()",
                    "res.get()",
                    "res.set('content-type', ['a', 'b'])",
                    "res.type('text/html\\r\\nx-injected: 1')",
                    "res.set('x-a', 'x'.repeat(20000))",
                    "for (var i = 0; i < 200; i++) res.set('x-' + i, 'v')",
                    "res.append('x-a', new Array(500).fill('v'))"
                })
        void refusesFieldsThatCannotBeSent(String source) throws Exception {
            run(source);

            assertThat(exchange.failure()).isInstanceOf(ExpressionFailure.class);
            assertThat(exchange.draft().headers().toString()).doesNotContain("injected");
            assertThat(exchange.forwarded()).isNull();
        }
    }

    @Nested
    class WhileHooksRun {
        private @Nullable Object seen;

        private HttpResponse respond(String source) throws Exception {
            Expression expression = Expression.compile(source);
            exchange.run(
                    x -> {
                        x.onResponse(head -> seen = expression.value(x));
                        return Verdict.next();
                    },
                    FORWARD);
            return exchange.respond(503, "x-backend", "b", "set-cookie", "a=1");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "res.statusCode | 503",
                    "res.statusCode + 0 | 503",
                    "res.statusCode === 503 ? 'down' : 'up' | down",
                    "egContext.res.statusCode | 503",
                    "res.get('X-Backend') | b",
                    "res.getHeader('x-backend').length | 1",
                    "`${res.statusCode} ${res.get('x-backend')}` | 503 b",
                    "res.get('set-cookie')[0] | a=1",
                    "res.headersSent | false",
                    "req.method | GET"
                })
        void readsTheRealResponse(String source, String expected) throws Exception {
            respond(source);

            assertThat(Coercion.text(seen)).isEqualTo(expected);
        }

        @Test
        void editsTheRealResponse() throws Exception {
            HttpResponse response =
                    respond("res.status(500).set('X-Backend', 'ours'); res.removeHeader('set-cookie'); 1");

            assertThat(response.status().code()).isEqualTo(500);
            assertThat(response.headers().getAll("x-backend")).containsExactly("ours");
            assertThat(response.headers().contains("set-cookie")).isFalse();
        }

        @Test
        void readsTheAnswerOfAScript() throws Exception {
            Expression expression = Expression.compile("res.statusCode + (res.get('x-a') || '') + res.headersSent");
            exchange.onResponse(head -> seen = expression.value(exchange));

            run("res.status(403).set('x-a', 'b').send('no')");
            exchange.respondWithReply();

            assertThat(seen).isEqualTo("403bfalse");
        }

        @Test
        void seesFieldsOfEarlierScripts() throws Exception {
            exchange.then(null, script("res.set('x-ours', 'o'); res.status(201)"));

            respond("res.get('x-ours') + res.statusCode");

            assertThat(seen).isEqualTo("o503");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "res.send('x')",
                    "res.end()",
                    "res.redirect('/')",
                    "res.status(204)",
                    "res.status(304)",
                    "res.status(101)",
                    "res.set('content-length', 1)",
                    "res.set('x-a', 'a\\nb')"
                })
        void refusesToGiveAnotherResponse(String source) {
            assertThatThrownBy(() -> respond(source)).isInstanceOf(ExpressionFailure.class);
        }
    }

    @Nested
    class Throwing {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "throw {status: 403} | 403 | {}",
                    "throw {statusCode: 429, headers: {'Retry-After': 5}} | 429 | {Retry-After=[5]}",
                    "throw {status: 200, statusCode: 404} | 404 | {}",
                    "var e = new Error('x'); e.status = 401; e.headers = {a: ['1', '2']}; throw e | 401 | {a=[1, 2]}",
                    "throw {status: 400, headers: {'x a': 1, te: 1, b: 'c\\r\\nd', e: {}, f: 'g'}} | 400 | {f=[g]}",
                    "throw {status: 400, headers: 'x'} | 400 | {}",
                    "throw {status: 400, get headers() { for (;;); }} | 400 | {}",
                    "throw {headers: {a: 1}} | 500 | {}",
                    "throw {status: 399} | 500 | {}",
                    "throw {status: 600, headers: {a: 1}} | 500 | {}",
                    "throw {status: '403'} | 500 | {}",
                    "throw null | 500 | {}",
                    "throw 'text' | 500 | {}"
                })
        void carriesTheStatusAndTheHeadersOfTheThrownObject(String source, int status, String headers)
                throws Exception {
            run(source);

            assertThat(exchange.failure()).isInstanceOfSatisfying(ExpressionFailure.class, failure -> {
                assertThat(failure.status()).isEqualTo(status);
                assertThat(failure.headers()).hasToString(headers);
            });
            assertThat(exchange.forwarded()).isNull();
        }
    }
}
