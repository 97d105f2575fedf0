package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exchange.AuthTrail;
import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policy.Policy;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class OAuth2IntrospectPolicyTest {
    private final ContextFixture context = new ContextFixture();

    private static Reply reply(ExchangeFixture exchange) {
        return Objects.requireNonNull(exchange.reply(), "no reply");
    }

    @Nested
    class ActiveToken {
        @Test
        void passesAndIsTheUser() {
            context.endpoint.token("t1", "{\"active\":true,\"sub\":\"alice\",\"n\":null}");

            var exchange = ExchangeFixture.get("/x").bearer("t1").run(context.policy(""));

            assertThat(exchange.hasRunOut()).isTrue();
            assertThat(Objects.requireNonNull(exchange.identity()).claims())
                    .containsEntry("sub", "alice")
                    .containsEntry("n", null);
            assertThat(exchange.auth().result()).isEqualTo(AuthTrail.Result.OK);
            assertThat(exchange.auth().source()).isEqualTo(AuthTrail.Source.INTROSPECTED);
            assertThat(exchange.auth().tokenFingerprint()).matches("[0-9a-f]{8}");
        }

        @Test
        void isAskedForOnce() {
            context.endpoint.token("t1", "{\"active\":true}");
            Policy policy = context.policy("");

            ExchangeFixture.get("/x").bearer("t1").run(policy);
            var second = ExchangeFixture.get("/x").bearer("t1").run(policy);

            assertThat(second.hasRunOut()).isTrue();
            assertThat(second.auth().source()).isEqualTo(AuthTrail.Source.CACHE);
            assertThat(context.endpoint.count()).isEqualTo(1);
        }
    }

    @Test
    void refusesWhenTokenIsInactive() {
        var exchange = ExchangeFixture.get("/x").bearer("t1").run(context.policy(""));

        assertThat(reply(exchange).refusal()).isEqualTo(Refusal.TOKEN_INVALID);
        assertThat(reply(exchange).status()).isEqualTo(401);
        assertThat(reply(exchange).headers().get("www-authenticate"))
                .isEqualTo("Bearer realm=\"gateway\", error=\"invalid_token\","
                        + " error_description=\"The access token is not valid.\"");
        assertThat(reply(exchange).headers().get("cache-control")).isEqualTo("no-store");
    }

    @Test
    void refusesWhenScopeIsMissing() {
        context.endpoint.token("t1", "{\"active\":true,\"scope\":\"read\"}");

        var exchange =
                ExchangeFixture.get("/x").bearer("t1").scopes("read", "write").run(context.policy(""));

        assertThat(reply(exchange).status()).isEqualTo(403);
        assertThat(reply(exchange).headers().get("www-authenticate"))
                .contains("error=\"insufficient_scope\"")
                .endsWith("scope=\"read write\"");
        assertThat(exchange.identity()).isNull();
    }
}
