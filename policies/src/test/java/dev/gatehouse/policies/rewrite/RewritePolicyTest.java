package dev.gatehouse.policies.rewrite;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policies.StepFixture;
import dev.gatehouse.policy.Condition;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RewritePolicyTest {
    private static ExchangeFixture run(String condition, String action, String target) {
        StepFixture step = StepFixture.of("rewrite");
        Condition when = step.condition(condition);
        Policy policy = step.policy(action);
        return ExchangeFixture.get(target).then(when, policy).run();
    }

    private static String path(String match) {
        return "{name: pathmatch, match: '" + match + "'}";
    }

    private static String regex(String match) {
        return "{name: regexpmatch, match: '" + match + "'}";
    }

    private static Problem problem(String condition, String action) {
        StepFixture step = StepFixture.of("rewrite");
        try {
            step.condition(condition);
            step.policy(action);
        } catch (ConfigProblem e) {
            return e.problem();
        }
        throw new AssertionError("accepted");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/:id|/v2/:id|/v1/7|/v2/7",
                "/v1/:id|/v2/:id|/V1/7/|/v2/7",
                "/v1/:id|/v2/:id|/v1/7?a=1&b=%zz|/v2/7?a=1&b=%zz",
                "/v1/:id|/v2?id=:id|/v1/7?a=1|/v2?id=7&a=1",
                "/v1/:id|/v2/:id?x=1|/v1/7|/v2/7?x=1",
                "/v1/:id|/v2/:id|/v1/a%2Fb%0D%0Ac|/v2/a%2Fb%0D%0Ac",
                "/v1/:a/:b|/:b/x/:a|/v1/1/2|/2/x/1",
                "/v1/:a?|/v2/:a?|/v1/1|/v2/1",
                "/v1/:a?|/v2/:a?|/v1|/v2",
                "/v1/:a?|/v2/:a/z|/v1|/v2/z",
                "/v1/:a*|/v2/:a*|/v1/1/2/3|/v2/1/2/3",
                "/v1/:a*|/v2/:a*|/v1|/v2",
                "/v1/:a+|/v2/:a+|/v1/1/2|/v2/1/2",
                "/v1/:n(\\d+)|/v2/:n|/v1/12|/v2/12",
                "/v1/*|/v2/*|/v1/a/b|/v2/a/b",
                "/v1/*|/v2/:0|/v1/a/b|/v2/a/b",
                "/v1/*|/v2/(.*)|/v1/a/b|/v2/a/b",
                "/v1/:x|/t/12:30/:x|/v1/a|/t/12:30/a",
                "/v1/:x|/a b/\u00e4/:x|/v1/y|/a%20b/%C3%A4/y",
                "/v1/:x|/%7e/:x|/v1/y|/~/y",
                "/v1/:x|/a//b/:x|/v1/y|/a/b/y",
                "/v1\\?id=:id|/v2/:id|/v1?id=7|/v2/7",
                "/v1/:x|/v2/\\:x/:x|/v1/a|/v2/:x/a",
            })
    void fillsParameters(String match, String rewrite, String target, String expected) {
        ExchangeFixture exchange = run(path(match), "rewrite: '" + rewrite + "'", target);

        assertThat(exchange.request().uri()).isEqualTo(expected);
        assertThat(exchange.hasRunOut()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "^/v1/(.*)$|/v2/$1|/v1/a/b|/v2/a/b",
                "^/v1/(.*)$|/v2/$1|/v1/a?q=1|/v2/a?q=1",
                "^/v1/([^?]*)|/v2/$1|/v1/a?q=1|/v2/a?q=1",
                "old|new|/a/old/old|/a/new/old",
                "/(a)(b)?$|/x$1$2|/z/a|/z/xa",
                "^/(?<name>[a-z]+)$|/u/$<name>|/bob|/u/bob",
                "^/v1\\?id=(\\d+)&?|/v2/$1?|/v1?id=7&b=2|/v2/7?b=2",
                "^/a|/b$$|/a/x|/b$/x",
                "/b$|/[$&]|/a/b|/a/[/b]",
                "^/(1)(2)(3)(4)(5)(6)(7)(8)(9)(0)(1)|/$11-$1|/12345678901|/1-1",
                "^/(a)|/$12|/a/x|/a2/x",
                "^/v1(/[(]?x)|/v2$1|/v1/x|/v2/x",
                "x|/y|/a|/a",
                "\\/v1\\/|/v2/|/v1/v1/|/v2/v1/",
            })
    void replacesLikeJavaScript(String match, String rewrite, String target, String expected) {
        ExchangeFixture exchange = run(regex(match), "rewrite: '" + rewrite + "'", target);

        assertThat(exchange.request().uri()).isEqualTo(expected);
        assertThat(exchange.hasRunOut()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "^/a/(.*)|/.$1|/a/.",
                "^/a/(.*)|/$1/../b|never",
                "^/a(.*)|$1|/a",
                "^/a/(.*)|$1|/a/b",
                "^/a/([^/]*)|http://$1|never",
                "^/a/(.*)$|/%$1|never",
                "^/a/(.*)$|/%2$1|never",
                "^/a/(.)(.*)$|/$1.$2|/a/./x",
            })
    void refusesResultsThatAreNoTarget(String match, String rewrite, String target) {
        if (target.equals("never")) {
            assertThat(problem(regex(match), "rewrite: '" + rewrite + "'").code())
                    .isEqualTo("E0493");
            return;
        }
        ExchangeFixture exchange = run(regex(match), "rewrite: '" + rewrite + "'", target);

        assertThat(requireNonNull(exchange.reply()).refusal()).isEqualTo(Refusal.BAD_REQUEST);
        assertThat(exchange.request().uri()).isEqualTo(target);
    }

    @Test
    void refusesResultsThatAreTooLong() {
        ExchangeFixture exchange = run(regex("^/(.*)"), "rewrite: '/$1$1$1'", "/" + "a".repeat(6000));

        assertThat(requireNonNull(exchange.reply()).refusal()).isEqualTo(Refusal.URI_TOO_LONG);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/old/:x|/new/:x|/old/a?q=1|/new/a?q=1",
                "/old/:x|https://new.example.com/:x|/old/a%0d%0aset-cookie:b|https://new.example.com/a%0d%0aset-cookie:b",
                "/old/:x|https://new.example.com:8443/:x|/old/a|https://new.example.com:8443/a",
                "/old/:x|https://new.example.com|/old/a|https://new.example.com/",
                "/old/:x|https://new.example.com?x=:x|/old/a|https://new.example.com/?x=a",
                "/old/:x|/#/users/:x|/old/a?q=1|/?q=1#/users/a",
                "/old/*|/*|/old//evil.com|/evil.com",
                "/old/:x|http://[::1]:80/:x|/old/a|http://[::1]:80/a",
            })
    void sendsClientsElsewhere(String match, String rewrite, String target, String location) {
        ExchangeFixture exchange = run(path(match), "rewrite: '" + rewrite + "'\nredirect: 302", target);

        Reply reply = requireNonNull(exchange.reply());
        assertThat(reply.status()).isEqualTo(302);
        assertThat(reply.headers().get("location")).isEqualTo(location);
        assertThat(reply.refusal()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "^/old(.*)|https://new.example.com$1|/old.evil.com/",
                "^/old(.*)|https://new.example.com$1|/old@evil.com/",
                "^/old(.*)|https://new.example.com$1|/old:80/",
                "^/old/(.*)|$1|/old/https://evil.com/",
            })
    void refusesToLetClientsChooseTheHost(String match, String rewrite, String target) {
        ExchangeFixture exchange = run(regex(match), "rewrite: '" + rewrite + "'\nredirect: 301", target);

        assertThat(requireNonNull(exchange.reply()).refusal()).isEqualTo(Refusal.BAD_REQUEST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: allOf, conditions: [{name: method, methods: GET}, {name: pathmatch, match: '/a/:x'}]}|/a/1|/z/1",
                "{name: allOf, conditions: [{name: pathmatch, match: '/:x/1'}, {name: pathmatch, match: '/a/:x'}]}"
                        + "|/a/1|/z/1",
                "{name: oneOf, conditions: [{name: pathmatch, match: '/b/:x'}, {name: pathmatch, match: '/a/:x'}]}"
                        + "|/a/1|/z/1",
                "{name: allOf, conditions: [{name: oneOf, conditions: [{name: pathmatch, match: '/a/:x'}]}]}|/a/1|/z/1",
            })
    void findsItsPatternInsideOfOthers(String condition, String target, String expected) {
        assertThat(run(condition, "rewrite: '/z/:x'", target).request().uri()).isEqualTo(expected);
    }

    @Test
    void refusesWhenOnlyAnotherConditionWasTrue() {
        ExchangeFixture exchange = run(
                "{name: oneOf, conditions: [{name: pathmatch, match: '/a/:x'}, {name: always}]}",
                "rewrite: '/z/:x'",
                "/b/1");

        assertThat(requireNonNull(exchange.reply()).refusal()).isEqualTo(Refusal.POLICY_FAILED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{name: always}",
                "{name: not, condition: {name: pathmatch, match: /a}}",
                "{name: pathExact, path: /a}",
            })
    void refusesAStepWithoutAPattern(String condition) {
        Problem problem = problem(condition, "rewrite: /b");

        assertThat(problem.code()).isEqualTo("E0491");
        assertThat(problem.span()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rewrite: {a: b}|E0202",
                "redirect: 302|E0201",
                "rewrite: ''|E0203",
                "rewrte: /b|E0204",
                "rewrite: /b; redirct: 302|E0204",
                "rewrite: /b; redirect: soon|E0203",
                "rewrite: /b; redirect: [302]|E0202",
                "rewrite: /b; redirect: 299|E0203",
                "rewrite: /b; redirect: 304|E0203",
                "rewrite: /b; redirect: 400|E0203",
                "rewrite: b|E0493",
                "rewrite: /a/../b|E0493",
                "rewrite: /a/%zz|E0493",
                "rewrite: '/a\\b\\\\c'|E0493",
                "rewrite: 'https://x.test/'|E0493",
                "rewrite: //x.test/|E0493",
                "rewrite: '/a#b'|E0493",
                "rewrite: 'javascript:x'; redirect: 302|E0493",
                "rewrite: 'https://:x/'; redirect: 302|E0493",
                "rewrite: 'https://:x.test/'; redirect: 302|E0493",
                "rewrite: 'https://x.test:99999999/'; redirect: 302|E0493",
                "rewrite: /b/:y|E0494",
            })
    void refusesBadInputWhereItStands(String action, String code) {
        Problem problem = problem(path("/a/:x"), action.replace("; ", "\n"));

        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.span()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "^/(a)|/$2|E0494",
                "^/(a)|/$0|E0494",
                "^/(a)|/$<b>|E0494",
                "^/(?:a)|/$1|E0494",
                "^/[(]a|/$1|E0494",
                "^/a|\\/b|E0493",
            })
    void refusesBadReferences(String match, String rewrite, String code) {
        assertThat(problem(regex(match), "rewrite: '" + rewrite + "'").code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: pathmatch}|E0201",
                "{name: pathmatch, match: [a]}|E0202",
                "{name: pathmatch, mach: /a}|E0204",
                "{name: pathmatch, match: a}|E0492",
                "{name: pathmatch, match: ''}|E0492",
                "{name: pathmatch, match: '/('}|E0492",
                "{name: regexpmatch}|E0201",
                "{name: regexpmatch, match: {a: b}}|E0202",
                "{name: regexpmatch, mtch: /a}|E0204",
                "{name: regexpmatch, match: '('}|E0492",
                "{name: regexpmatch, match: 'a)(b'}|E0492",
            })
    void refusesBadPatterns(String condition, String code) {
        Problem problem = problem(condition, "rewrite: /b");

        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.span()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: pathmatch, match: '/a/:x'}|/a/1|true",
                "{name: pathmatch, match: '/a/:x'}|/a/1?b|true",
                "{name: pathmatch, match: '/a/:x'}|/a/1/2|false",
                "{name: pathmatch, match: '/a/:x'}|/b?u=/a/1|false",
                "{name: pathmatch, match: '/a'}|/A/|true",
                "{name: pathmatch, match: '/a/:x*'}|/a/1/2|true",
                "{name: pathmatch, match: '*'}|/a/1/2|true",
                "{name: regexpmatch, match: '/a$'}|/b/a?x|true",
                "{name: regexpmatch, match: '^/a$'}|/A|false",
                "{name: regexpmatch, match: 'secret'}|/b?x=secret|false",
                "{name: regexpmatch, match: '\\?x=secret'}|/b?x=secret|true",
            })
    void conditionsDecideByThePath(String condition, String target, boolean expected) {
        Condition made = StepFixture.of("proxy").condition(condition);

        assertThat(made.test(ExchangeFixture.get(target))).isEqualTo(expected);
    }
}
