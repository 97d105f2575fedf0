package dev.gatehouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.expression.Expression;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What scripts say of the response, as it is seen on the wire. */
@Timeout(60)
class ScriptedResponseIT {
    private EchoService service;

    @BeforeEach
    void startService() throws IOException {
        service = new EchoService();
    }

    @AfterEach
    void stopService() {
        service.close();
    }

    private static Policy script(String source) throws Exception {
        Expression expression = Expression.compile(source);
        return exchange -> {
            expression.run(exchange);
            return Verdict.next();
        };
    }

    private static Policy hook(String source) throws Exception {
        Expression expression = Expression.compile(source);
        return exchange -> {
            exchange.onResponse(response -> expression.run(exchange));
            return Verdict.next();
        };
    }

    private RawClient.Response answer(Policy... policies) throws Exception {
        return answer("GET", policies);
    }

    /** The first answer; the connection has to serve another request afterwards. */
    private RawClient.Response answer(String method, Policy... policies) throws Exception {
        List<Policy> steps = new ArrayList<>();
        steps.add(exchange ->
                exchange.request().uri().equals("/second") ? service.forward().apply(exchange) : Verdict.next());
        steps.addAll(List.of(policies));
        steps.add(service.forward());
        try (ServerFixture server = new ServerFixture(Map.of(), steps.toArray(new Policy[0]));
                RawClient client = new RawClient(server.port())) {
            client.send(method + " /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
            RawClient.Response first = client.read(method.equals("HEAD"));
            assertThat(client.get("/second").read().body()).isEqualTo("GET /second");
            return first;
        }
    }

    @Test
    void addsFieldsToTheAnswerOfTheService() throws Exception {
        RawClient.Response answer = answer(script("res.set({'x-a': 'b', 'date': 'never'}); res.status(404)"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("GET /a");
        assertThat(answer.header("x-a")).isEqualTo("b");
        assertThat(answer.header("date")).isNotEqualTo("never");
    }

    @Test
    void sendsTheAnswerOfAScriptAndNothingToTheService() throws Exception {
        RawClient.Response answer = answer(script("res.status(403).set('x-a', 'b').json({error: 'no'})"));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo("{\"error\":\"no\"}");
        assertThat(answer.header("x-a")).isEqualTo("b");
        assertThat(answer.header("content-type")).isEqualTo("application/json; charset=utf-8");
        assertThat(service.requests).containsExactly("GET /second");
    }

    @Test
    void sendsNoMediaTypeWhereTheScriptNamesNone() throws Exception {
        RawClient.Response answer = answer(script("res.end('raw')"));

        assertThat(answer.body()).isEqualTo("raw");
        assertThat(answer.header("content-length")).isEqualTo("3");
        assertThat(answer.header("content-type")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"res.status(204).send('x')", "res.status(304).json({})", "res.sendStatus(204)"})
    void sendsNoBodyWhereTheStatusAllowsNone(String source) throws Exception {
        RawClient.Response answer = answer(script(source));

        assertThat(answer.header("content-length")).isNull();
        assertThat(answer.header("transfer-encoding")).isNull();
    }

    @Test
    void sendsNoBodyToHead() throws Exception {
        RawClient.Response answer = answer("HEAD", script("res.send('four')"));

        assertThat(answer.header("content-length")).isEqualTo("4");
    }

    @Test
    void sendsTheStatusAndTheFieldsOfAThrownObject() throws Exception {
        RawClient.Response answer =
                answer(script("res.set('x-a', 'b'); throw {status: 429, headers: {'Retry-After': 5}}"));

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("retry-after")).isEqualTo("5");
        assertThat(answer.header("x-a")).isEqualTo("b");
        assertThat(answer.body()).isEqualTo("Too Many Requests");
        assertThat(service.requests).containsExactly("GET /second");
    }

    @Test
    void editsTheAnswerOfTheServiceInAHook() throws Exception {
        RawClient.Response answer = answer(
                hook("res.set('x-seen', res.statusCode + ' ' + res.get('content-length'));"
                        + "res.removeHeader('x-early'); res.status(203)"),
                script("res.set('x-early', 'a')"));

        assertThat(answer.status()).isEqualTo(203);
        assertThat(answer.header("x-seen")).isEqualTo("200 6");
        assertThat(answer.header("x-early")).isNull();
        assertThat(answer.body()).isEqualTo("GET /a");
    }

    @Test
    void editsTheAnswerOfTheGatewayInAHook() throws Exception {
        RawClient.Response answer = answer(hook("res.set('x-seen', res.statusCode)"), script("res.sendStatus(403)"));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("x-seen")).isEqualTo("403");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing.here",
                "res.status(204)",
                "res.send('other')",
                "res.set('content-length', 1)",
                "res.set('x-a', 'b\\r\\nx-injected: c')",
                "while (true) {}"
            })
    void refusesTheAnswerWhenAHookFails(String source) throws Exception {
        RawClient.Response answer = answer(hook(source));

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("Internal Server Error");
        assertThat(answer.header("x-injected")).isNull();
    }
}
