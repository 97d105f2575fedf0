package dev.gatehouse.policies.introspect;

import static dev.gatehouse.policies.introspect.server.EndpointFixture.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.exchange.AuthTrail;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What reaches the service: as somebody, as nobody, with which credentials. */
class PassThroughTest {
    private final ContextFixture context = new ContextFixture();

    @ParameterizedTest
    @CsvSource({
        "refused,none,0", "refused,bad,0", "refused,scope,0", "refused,down,503", "refused,two,0",
        "missing,none,0", "missing,bad,401", "missing,scope,403", "missing,down,503", "missing,two,400",
        "always,none,0", "always,bad,0", "always,scope,0", "always,down,0", "always,two,0",
    })
    void passesOnlyWhatIsConfigured(String on, String situation, int refusedWith) {
        context.endpoint.token("scope", "{\"active\":true,\"sub\":\"x\"}");
        context.endpoint.token("down", failed(CallResult.Cause.REFUSED));
        Policy policy = context.policy("passThrough: true\npassThroughOn: " + on + "\nresilience: {retries: {max: 0}}");
        var exchange = ExchangeFixture.get("/").scopes("read");
        if (situation.equals("two")) {
            exchange.bearer("a").bearer("b");
        } else if (!situation.equals("none")) {
            exchange.bearer(situation);
        }

        exchange.run(policy);

        int status = exchange.reply() == null ? 0 : exchange.reply().status();
        assertThat(status).isEqualTo(refusedWith);
        assertThat(exchange.identity()).isNull();
        if (refusedWith == 0) {
            assertThat(exchange.auth().result()).isEqualTo(AuthTrail.Result.NONE);
            assertThat(exchange.respond(200).headers().get("eg-consumer-id")).isEqualTo("anonymous");
        }
    }

    @Test
    void forwardsARefusedTokenAsItCame() {
        var exchange = ExchangeFixture.get("/")
                .header("authorization", "Bearer bad")
                .header("eg-consumer-id", "forged")
                .run(context.policy("passThrough: true"));

        assertThat(exchange.request().headers().get("authorization")).isEqualTo("Bearer bad");
        assertThat(exchange.request().headers().contains("eg-consumer-id")).isFalse();
    }

    @Test
    void forwardsNoAmbiguousCredentials() {
        var exchange = ExchangeFixture.get("/?access_token=c&x=1")
                .bearer("a")
                .bearer("b")
                .run(context.policy("passThrough: true"));

        assertThat(exchange.hasRunOut()).isTrue();
        assertThat(exchange.request().headers().contains("authorization")).isFalse();
        assertThat(exchange.request().uri()).isEqualTo("/?x=1");
    }

    @Test
    void aLaterRefusalTakesTheIdentityOfAnEarlierPolicyAway() {
        context.endpoint.token("t", "{\"active\":true,\"id\":\"u1\"}");
        Policy first = context.policy("");
        Policy second = context.policy("passThrough: true\nclaims: {issuer: other}");

        var exchange = ExchangeFixture.get("/").bearer("t").run(first, second);

        assertThat(exchange.identity()).isNull();
        assertThat(exchange.request().headers().contains("eg-consumer-id")).isFalse();
    }

    @Test
    void movesTheTokenOutOfTheQuery() {
        context.endpoint.token("t+1", "{\"active\":true}");

        var exchange = ExchangeFixture.get("/x?a=1&access_token=t%2B1").run(context.policy(""));

        assertThat(exchange.request().uri()).isEqualTo("/x?a=1");
        assertThat(exchange.request().headers().getAll("authorization")).containsExactly("Bearer t+1");
        assertThat(exchange.respond(200).headers().get("cache-control")).isEqualTo("private");
    }

    @Test
    void leavesTheCacheControlOfTheServiceAlone() {
        context.endpoint.token("t", "{\"active\":true}");

        var exchange = ExchangeFixture.get("/x?access_token=t").run(context.policy(""));

        assertThat(exchange.respond(200, "cache-control", "no-cache").headers().getAll("cache-control"))
                .containsExactly("no-cache");
    }

    @Test
    void replacesOtherCredentialsByTheTokenOfTheQuery() {
        context.endpoint.token("t", "{\"active\":true}");

        var exchange = ExchangeFixture.get("/x?access_token=t")
                .header("authorization", "Basic eA==")
                .run(context.policy(""));

        assertThat(exchange.request().headers().getAll("authorization")).containsExactly("Bearer t");
    }

    @ParameterizedTest
    @CsvSource({"/x,Bearer t", "/x?access_token=t,"})
    void forwardsNoTokenWhenTold(String target, @org.jspecify.annotations.Nullable String authorization) {
        context.endpoint.token("t", "{\"active\":true}");
        var exchange = ExchangeFixture.get(target).header("dpop", "proof");
        if (authorization != null) {
            exchange.header("authorization", authorization);
        }

        exchange.run(context.policy("forwardToken: none"));

        assertThat(exchange.hasRunOut()).isTrue();
        assertThat(exchange.request().uri()).isEqualTo("/x");
        assertThat(exchange.request().headers().contains("authorization")).isFalse();
        assertThat(exchange.request().headers().contains("dpop")).isFalse();
    }

    @Test
    void tellsTheServiceWhoItIs() {
        context.endpoint.token(
                "t",
                "{\"active\":true,\"id\":\"u-42\",\"sub\":\"alice\",\"scope\":[\"a\",\"b\"],\"groups\":[\"x\",1],"
                        + "\"n\":7,\"f\":1.0,\"b\":true,\"o\":{\"k\":{\"d\":\"deep\"}},\"name\":\"\u00c4 b\","
                        + "\"crlf\":\"a\\r\\nX-Injected: 1\",\"nul\":\"a\\u0000\",\"cut\":\"a\\u010d\\u010aX\"}");
        Policy policy = context.policy("identity: {headers: {X-Sub: sub, X-Scope: scope, X-Groups: groups, X-N: n,"
                + " X-F: f, X-B: b, X-O: o, X-Deep: o.k.d, X-Name: name, X-Crlf: crlf, X-Nul: nul, X-Cut: cut,"
                + " X-None: none, X-Wrong: sub.x}}");

        var exchange = ExchangeFixture.get("/")
                .bearer("t")
                .header("x-crlf", "forged")
                .header("x-none", "forged")
                .run(policy);

        Map<String, String> sent = new java.util.TreeMap<>();
        exchange.request().headers().forEach(field -> sent.put(field.getKey(), field.getValue()));
        sent.keySet().removeAll(List.of("host", "authorization"));
        assertThat(sent)
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("eg-consumer-id", "u-42"),
                        Map.entry("x-sub", "alice"),
                        Map.entry("x-scope", "a b"),
                        Map.entry("x-groups", "x,1"),
                        Map.entry("x-n", "7"),
                        Map.entry("x-f", "1"),
                        Map.entry("x-b", "true"),
                        Map.entry("x-o", "{\"k\":{\"d\":\"deep\"}}"),
                        Map.entry("x-deep", "deep"),
                        Map.entry("x-name", "%C3%84 b"),
                        Map.entry("x-cut", "a%C4%8D%C4%8AX")));
        assertThat(context.counted("gateway.introspection.claims.dropped")).isEqualTo(2);
        assertThat(context.ownedHeaders).contains("eg-consumer-id", "x-sub", "x-none");
    }

    @Test
    void givesTheWholeAnswerInOneHeader() {
        String answer = "{\"active\":true,\"sub\":\"\u00c4\",\"n\":7,\"o\":{\"k\":[1,\"x\",null,false]}}";
        context.endpoint.token("t", answer);

        var exchange = ExchangeFixture.get("/")
                .bearer("t")
                .header("x-userinfo", "forged")
                .run(context.policy("identity: {answerHeader: X-Userinfo}"));

        List<String> sent = exchange.request().headers().getAll("x-userinfo");
        assertThat(sent).hasSize(1);
        assertThat(new String(Base64.getUrlDecoder().decode(sent.get(0)), StandardCharsets.UTF_8))
                .isEqualTo(answer);
        assertThat(context.ownedHeaders).contains("x-userinfo");
    }

    @Test
    void boundsTheSizeOfClaimHeaders() {
        context.endpoint.token(
                "t", "{\"active\":true,\"big\":\"" + "x".repeat(8000) + "\",\"sub\":\"" + "y".repeat(300) + "\"}");

        var exchange = ExchangeFixture.get("/")
                .bearer("t")
                .run(context.policy("identity: {headers: {x-big: big, x-sub: sub}}"));

        assertThat(exchange.request().headers().contains("x-big")).isTrue();
        assertThat(exchange.request().headers().contains("x-sub")).isFalse();
        assertThat(context.counted("gateway.introspection.claims.dropped")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[id]|\"id\":\"u1\"|u1",
                "[id]|\"id\":42|42",
                "[id]|\"id\":0|",
                "[id]|\"id\":\"\"|",
                "[id]|\"id\":{\"a\":1}|",
                "[id]|\"sub\":\"alice\"|",
                "[sub, client_id]|\"client_id\":\"app\"|app",
                "sub|\"sub\":\"alice\"|alice",
            })
    void namesTheConsumer(String claims, String members, @org.jspecify.annotations.Nullable String id) {
        context.endpoint.token("t", "{\"active\":true," + members + "}");

        var exchange = ExchangeFixture.get("/")
                .bearer("t")
                .header("eg-consumer-id", "forged")
                .run(context.policy("identity: {consumerIdClaim: " + claims + "}"));

        assertThat(exchange.request().headers().getAll("eg-consumer-id"))
                .isEqualTo(id == null ? List.of() : List.of(id));
    }

    @Test
    void keepsTheAnswerFromTheClient() {
        context.endpoint.token("t", "{\"active\":true,\"id\":\"u1\"}");

        var exchange = ExchangeFixture.get("/").bearer("t").run(context.policy("passThrough: true"));

        assertThat(exchange.respond(200).headers().contains("eg-consumer-id")).isFalse();
        assertThat(Objects.requireNonNull(exchange.identity()).claims()).containsEntry("id", "u1");
    }
}
