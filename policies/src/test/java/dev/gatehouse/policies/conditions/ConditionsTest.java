package dev.gatehouse.policies.conditions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.Identity;
import dev.gatehouse.exchange.Peer;
import dev.gatehouse.expression.value.ExpressionFailure;
import dev.gatehouse.policies.StepFixture;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.ConfigProblem;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionsTest {
    private final StepFixture step = StepFixture.of("terminate");

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiterString = " ~ ",
            value = {
                "{name: always} ~ GET / ~ true",
                "{name: never} ~ GET / ~ false",
                "{name: pathExact, path: /u/1} ~ GET /u/1 ~ true",
                "{name: pathExact, path: /u/1} ~ GET /u/1?x=1 ~ true",
                "{name: pathExact, path: /u/1} ~ GET /u/1? ~ true",
                "{name: pathExact, path: /u/1} ~ GET /u/1/ ~ false",
                "{name: pathExact, path: /u/1} ~ GET /U/1 ~ false",
                "{name: pathExact, path: /u/1} ~ GET /u/11 ~ false",
                "{name: pathExact, path: /%61/b} ~ GET /a/b ~ true",
                "{name: pathExact, path: '/foo?x=1'} ~ GET /foo?x=1 ~ true",
                "{name: pathExact, path: '/foo?x=1'} ~ GET /foo ~ false",
                "{name: pathMatch, pattern: /u/2} ~ GET /u/2x?x ~ true",
                "{name: pathMatch, pattern: /u/2} ~ GET /u/3?u=/u/2 ~ true",
                "{name: pathMatch, pattern: '^/a/[^/]+$'} ~ GET /a/b?c=1 ~ true",
                "{name: pathMatch, pattern: '^/a/[^/]+$'} ~ GET /a/b/c ~ false",
                "{name: pathMatch, pattern: '/v[0-9]+/users'} ~ GET /V1/users ~ false",
                "{name: method, methods: [PUT]} ~ PUT / ~ true",
                "{name: method, methods: get} ~ GET / ~ true",
                "{name: method, methods: GET} ~ HEAD / ~ false",
                "{name: method, methods: [PUT, propfind]} ~ PROPFIND / ~ true",
                "{name: method, methods: []} ~ GET / ~ false",
                "{name: expression, expression: req.query.z} ~ GET /?z=1 ~ true",
                "{name: expression, expression: req.query.z} ~ GET /?z= ~ false",
                "{name: expression, expression: req.query.z} ~ GET / ~ false",
                "{name: expression, expression: '/^b[0-9]+$/.test(`${req.query.a}`)'} ~ GET /?a=b12 ~ true",
                "{name: authenticated} ~ GET / ~ false",
                "{name: anonymous} ~ GET / ~ true",
                "{name: tlsClientAuthenticated} ~ GET / ~ false",
                "{name: allOf, conditions: []} ~ GET / ~ true",
                "{name: oneOf, conditions: []} ~ GET / ~ false",
                "{name: allOf, conditions: [{name: always}, {name: never}]} ~ GET / ~ false",
                "{name: allOf, conditions: [{name: always}, {name: always}]} ~ GET / ~ true",
                "{name: oneOf, conditions: [{name: never}, {name: always}]} ~ GET / ~ true",
                "{name: oneOf, conditions: [{name: never}, {name: never}]} ~ GET / ~ false",
                "{name: oneOf, conditions: [{name: always}, {name: expression, expression: no.such}]} ~ GET / ~ true",
                "{name: allOf, conditions: [{name: never}, {name: expression, expression: no.such}]} ~ GET / ~ false",
                "{name: not, condition: {name: anonymous}} ~ GET / ~ false",
                "{name: not, condition: {name: oneOf, conditions: [{name: pathExact, path: /health}]}} ~ GET /x ~ true",
                "{name: not, condition: {name: oneOf, conditions: [{name: pathExact, path: /x}]}} ~ GET /x ~ false"
            })
    void decidesAboutARequest(String yaml, String request, boolean expected) {
        Condition condition = step.condition(yaml);
        String[] line = request.split(" ", 2);

        assertThat(condition.test(ExchangeFixture.request(line[0], line[1]))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "c*.com, c1.com, true",
        "c*.com, C1.com, false",
        "c*.com, c1.com:81, true",
        "c1.com:*, c1.com, false",
        "c1.com:*, c1.com:81, true",
        "a.example.com, a.example.com:81, true",
        "'*', x, true",
        "'*', , false",
        "'!a.com', a.com:1, false",
        "'!a.com', , false"
    })
    void comparesTheHostWithoutAPortThatTheClientChose(String pattern, String host, boolean expected) {
        Condition condition = step.condition("{name: hostMatch, pattern: '" + pattern + "'}");

        assertThat(condition.test(ExchangeFixture.get("/").host(host))).isEqualTo(expected);
    }

    @Test
    void knowsWhetherTheClientIsAuthenticated() {
        ExchangeFixture exchange = ExchangeFixture.get("/");
        exchange.identify(new Identity(Map.of()));

        assertThat(step.condition("{name: authenticated}").test(exchange)).isTrue();
        assertThat(step.condition("{name: anonymous}").test(exchange)).isFalse();
    }

    @Test
    void trustsNoClientWithoutACertificate() {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        ExchangeFixture exchange = ExchangeFixture.get("/").peer(new Peer(address, address, true, null, true));

        assertThat(step.condition("{name: tlsClientAuthenticated}").test(exchange))
                .isFalse();
    }

    @Test
    void refusesToDecideWhenAnExpressionFails() {
        Condition unknown = step.condition("{name: expression, expression: nosuchvar.x}");
        Condition undefined = step.condition("{name: expression, expression: consumer.sub}");
        Condition slow = step.condition("{name: pathMatch, pattern: '(a+)+$'}");

        assertThatThrownBy(() -> unknown.test(ExchangeFixture.get("/"))).isInstanceOf(ExpressionFailure.class);
        assertThatThrownBy(() -> undefined.test(ExchangeFixture.get("/"))).isInstanceOf(ExpressionFailure.class);
        assertThatThrownBy(() -> slow.test(ExchangeFixture.get("/" + "a".repeat(60) + "!")))
                .isInstanceOf(ExpressionFailure.class);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiterString = " ~ ",
            value = {
                "{name: pathExact} ~ E02",
                "{name: pathMatch} ~ E02",
                "{name: pathMatch, pattern: '('} ~ E0464",
                "{name: method} ~ E02",
                "{name: method, methods: 'GET,POST'} ~ E02",
                "{name: method, methods: ['a b']} ~ E02",
                "{name: hostMatch} ~ E02",
                "{name: hostMatch, pattern: '{1..9999}'} ~ E0464",
                "{name: expression} ~ E02",
                "{name: expression, expression: 'req.url ==='} ~ E0461",
                "{name: expression, expression: admin} ~ E0462",
                "{name: allOf} ~ E02",
                "{name: allOf, conditions: {name: always}} ~ E02",
                "{name: not} ~ E02",
                "{name: not, condition: {name: pathMatch, pattern: '['}} ~ E0464"
            })
    void refusesAFileThatCannotWork(String yaml, String code) {
        assertThatThrownBy(() -> step.condition(yaml))
                .isInstanceOfSatisfying(
                        ConfigProblem.class,
                        refused -> assertThat(refused.problem().code()).startsWith(code));
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "\\.css$", "^/admin$"})
    void warnsOfPatternsThatAClientCanChoose(String pattern) {
        step.condition("{name: pathMatch, pattern: '" + pattern + "'}");

        assertThat(step.codes()).containsExactly("W0461");
    }

    @Test
    void doesNotWarnWherePatternsAreAnchoredOrGuardNothing() {
        step.condition("{name: pathMatch, pattern: '^/admin(\\?|$)'}");
        StepFixture headers = StepFixture.of("headers");
        headers.condition("{name: pathMatch, pattern: '\\.css$'}");

        assertThat(step.codes()).isEmpty();
        assertThat(headers.codes()).isEmpty();
    }

    @Test
    void warnsOfCapitalLettersInHosts() {
        step.condition("{name: hostMatch, pattern: 'Api.example.com'}");

        assertThat(step.codes()).containsExactly("W0462");
    }
}
