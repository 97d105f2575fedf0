package dev.gatehouse.policies;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.exchange.Identity;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.expression.value.ExpressionFailure;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionPolicyTest {
    private static final Policy FORWARD = x ->
            Verdict.forward(new ForwardPlan("backend", List.of(), x.request().uri(), null, false));

    private final StepFixture step = StepFixture.of("expression");

    private Policy script(String source) {
        return step.policy("jscode: \"" + source.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
    }

    private ExchangeFixture run(String source) {
        ExchangeFixture exchange =
                ExchangeFixture.get("/old/a?b=c").header("x-tenant", "blue").header("cookie", "s=1");
        exchange.identify(new Identity(Map.of("sub", "alice")));
        return exchange.run(script(source), FORWARD);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "req.url = \"/new/url\"; | /new/url",
                "req.url = req.url + '/67' | /old/a?b=c/67",
                "req.url = req.url.replace('/old', '') | /a?b=c",
                "req.url = '/t/' + req.headers['x-tenant'] + req.path | /t/blue/old/a",
                "if (req.headers.host) { req.url = '/h'; } | /h",
                "req.testValue = 10 | /old/a?b=c",
                "req | /old/a?b=c",
                "res | /old/a?b=c",
                "res.status(201) | /old/a?b=c",
                "consumer | /old/a?b=c",
                "'a text' | /old/a?b=c",
                "/* nothing */ | /old/a?b=c"
            })
    void forwardsWhatTheScriptMadeOfTheRequest(String source, String target) {
        ExchangeFixture exchange = run(source);

        assertThat(exchange.failure()).isNull();
        assertThat(requireNonNull(exchange.forwarded()).requestTarget()).isEqualTo(target);
    }

    @Test
    void changesEveryPartOfTheRequest() {
        ExchangeFixture exchange = run("req.method = 'POST'; req.headers['X-Set'] = 'by code'; req.headers['x-list'] ="
                + " ['a', 'b']; delete req.headers.cookie; req.user = {id: 'bob'}; egContext.requestID = 'id-1';");

        assertThat(exchange.request().method().name()).isEqualTo("POST");
        assertThat(exchange.request().headers().get("x-set")).isEqualTo("by code");
        assertThat(exchange.request().headers().getAll("x-list")).containsExactly("a", "b");
        assertThat(exchange.request().headers().contains("cookie")).isFalse();
        assertThat(exchange.identity()).isEqualTo(new Identity(Map.of("id", "bob")));
        assertThat(exchange.id()).isEqualTo("id-1");
    }

    @Test
    void setsHeadersOfTheResponse() {
        ExchangeFixture exchange = run("res.setHeader('x-from-code', req.method); res.set('x-both', 'ours')");

        var response = exchange.respond(200, "X-Both", "theirs");

        assertThat(response.headers().get("x-from-code")).isEqualTo("GET");
        assertThat(response.headers().getAll("x-both")).containsExactly("theirs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "var tier = 'gold'",
                "let tier = 'gold'",
                "tier = 'gold'",
                "var {tier} = {tier: 'gold'}",
                "for (tier of ['gold']);",
                "if (true) { tier = 'gold' }",
                "globalThis.tier = 'gold'",
                "egContext.tier = 'gold'"
            })
    void leavesVariablesForLaterSteps(String source) {
        Policy first = script(source);
        Policy second = script("req.headers['x-tier'] = tier");
        // A single word that no script defined is refused at start; this one is known.
        Policy third = script("tier");

        ExchangeFixture exchange = ExchangeFixture.get("/").run(first, second, third, FORWARD);

        assertThat(exchange.failure()).isNull();
        assertThat(exchange.request().headers().get("x-tier")).isEqualTo("gold");
    }

    @ParameterizedTest
    @ValueSource(strings = {"req.tier = 'gold'", "req.headers.tier = 1", "tier === 1", "'tier'", "run('tier = 1')"})
    void refusesAWordThatNoScriptDefines(String source) {
        script(source);

        assertThatThrownBy(() -> script("tier")).isInstanceOf(ConfigProblem.class);
    }

    @Test
    void leavesFunctionsForLaterSteps() {
        Policy first = script("function twice(n) { return 2 * n }; req.myValue = 21");
        Policy second = script("req.headers['x-v'] = twice(req.myValue)");

        ExchangeFixture exchange = ExchangeFixture.get("/").run(first, second, FORWARD);

        assertThat(exchange.request().headers().get("x-v")).isEqualTo("42");
    }

    @Test
    void leavesNothingForOtherRequests() {
        Policy policy = script("req.headers['x-c'] = typeof counter; counter = 1; req.mine = 1");

        policy.apply(ExchangeFixture.get("/"));
        ExchangeFixture second = ExchangeFixture.get("/").run(policy, FORWARD);

        assertThat(second.request().headers().get("x-c")).isEqualTo("undefined");
    }

    @Test
    void stopsThePipelineOnceItSentAResponse() {
        ExchangeFixture exchange =
                run("if (req.headers['x-tenant'] !== 'red') { res.status(403).json({error: 'no'}) }");

        Reply reply = requireNonNull(exchange.reply());
        assertThat(reply.status()).isEqualTo(403);
        assertThat(requireNonNull(reply.content()).bytes()).asString().isEqualTo("{\"error\":\"no\"}");
        assertThat(exchange.forwarded()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "throw new Error('boom') | 500",
                "throw {status: 403, headers: {'x-why': 'no'}} | 403",
                "throw {statusCode: 429} | 429",
                "nothing.here | 500",
                "undefined.x | 500",
                "while (true) {} | 500",
                "(function f() { f() })() | 500",
                "process.exit(1) | 500",
                "req.constructor.constructor('return process')() | 500",
                "req.url = 'no path' | 500",
                "req.headers['x-a'] = 'a\\r\\nb: c' | 500"
            })
    void refusesWhenTheScriptFails(String source, int status) {
        ExchangeFixture exchange = run(source);

        assertThat(exchange.failure())
                .isInstanceOfSatisfying(
                        ExpressionFailure.class,
                        failure -> assertThat(failure.status()).isEqualTo(status));
        assertThat(exchange.forwarded()).isNull();
        assertThat(exchange.reply()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "jscode: 'req.url =' | E0461",
                "jscode: 'class A {}' | E0461",
                "jscode: gold | E0462",
                "jscode: {a: 1} | E0202",
                "jscode: [1, 2] | E0202",
                "jsCode: '1' | E0204",
                "jscodee: '1' | E0204",
                "{} | E0201"
            })
    void refusesAFileThatCannotWork(String yaml, String code) {
        assertThatThrownBy(() -> step.policy(yaml)).isInstanceOfSatisfying(ConfigProblem.class, refused -> {
            assertThat(refused.problem().code()).isEqualTo(code);
            assertThat(refused.problem().span()).isNotNull();
        });
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "process.exit(1) | W0464",
                "req.a = require('fs') | W0464",
                "setTimeout(function () {}, 1) | W0464",
                "new Buffer('a').toString('base64') | W0464",
                "typeof require + typeof process | ",
                "req.process = {fetch: 1}; req.process.fetch | ",
                "var URL = req.url; URL | ",
                "fetch = 1 | "
            })
    void warnsAboutWhatOnlyNodeHas(String source, String code) {
        script(source);

        assertThat(step.codes()).isEqualTo(code == null ? List.of() : List.of(code));
    }

    @Test
    void pointsAtTheCharacterThatIsWrong() {
        assertThatThrownBy(() -> step.policy("jscode: 'req..url'"))
                .isInstanceOfSatisfying(ConfigProblem.class, refused -> {
                    assertThat(refused.problem().path()).endsWith(".action.jscode");
                    assertThat(refused.problem().span())
                            .extracting("line", "column", "endColumn")
                            .containsExactly(1, 13, 14);
                });
    }
}
