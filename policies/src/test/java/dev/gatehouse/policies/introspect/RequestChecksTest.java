package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.policies.introspect.server.TimeFixture;
import dev.gatehouse.policy.Policy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What depends on the request: scopes by method, and how well the user logged in. */
class RequestChecksTest {
    private static final long NOW = TimeFixture.START_SECONDS;
    private static final String STEP_UP = "Bearer realm=\"gateway\", error=\"insufficient_user_authentication\","
            + " error_description=\"This request needs a stronger or more recent login.\"";

    private final ContextFixture context = new ContextFixture();

    private static ExchangeFixture run(Policy policy, String method, String... endpointScopes) {
        return ExchangeFixture.request(method, "/")
                .bearer("t")
                .scopes(endpointScopes)
                .run(policy);
    }

    /** The reason for which a request is refused; null = it passes. */
    private static @Nullable String reason(ExchangeFixture exchange) {
        return exchange.hasRunOut() ? null : exchange.auth().reason();
    }

    private static @Nullable String challenge(ExchangeFixture exchange) {
        return Objects.requireNonNull(exchange.reply()).headers().get("www-authenticate");
    }

    private void answer(String members) {
        context.endpoint.token("t", "{\"active\":true" + (members.isEmpty() ? "" : "," + members) + "}");
    }

    @Nested
    class Scopes {
        private static final String BY_METHOD = "scopes: {byMethod: {GET: read, POST: [write, audit]}}";

        @Test
        void refusesAMethodWithOneCachedAnswer() {
            Policy policy = context.policy(BY_METHOD);
            answer("\"scope\":\"read\"");

            ExchangeFixture get = run(policy, "GET");
            ExchangeFixture post = run(policy, "POST");

            assertThat(get.hasRunOut()).isTrue();
            assertThat(Objects.requireNonNull(post.reply()).status()).isEqualTo(403);
            assertThat(context.endpoint.count()).isEqualTo(1);
        }

        @ParameterizedTest
        @CsvSource({
            "GET,read,",
            "GET,write audit,scope",
            "HEAD,read,",
            "HEAD,write audit,scope",
            "POST,write audit,",
            "POST,write,scope",
            "POST,read,scope",
            "DELETE,'',",
        })
        void refusesWithoutTheScopesOfTheMethod(String method, String held, @Nullable String reason) {
            answer("\"scope\":\"" + held + "\"");

            assertThat(reason(run(context.policy(BY_METHOD), method))).isEqualTo(reason);
        }

        @Test
        void refusesHeadByARuleOfItsOwn() {
            Policy policy = context.policy("scopes: {byMethod: {GET: read, HEAD: look}}");
            answer("\"scope\":\"read\"");

            assertThat(reason(run(policy, "HEAD"))).isEqualTo("scope");
        }

        @ParameterizedTest
        @CsvSource({"a b c d,", "a b c,scope", "b c d,scope", "a d,scope"})
        void refusesWithoutTheRestWhichEveryMethodNeeds(String held, @Nullable String reason) {
            Policy policy = context.policy("scopes: {required: [b, c], match: any, byMethod: {POST: [d]}}");
            answer("\"scope\":\"" + held + "\"");

            assertThat(reason(run(policy, "POST", "a"))).isEqualTo(reason);
        }

        @ParameterizedTest
        @CsvSource({"GET,api base read", "HEAD,api base read", "POST,api base write audit", "DELETE,api base"})
        void namesTheScopesOfTheMethodInChallenges(String method, String told) {
            Policy policy =
                    context.policy("scopes: {required: base, byMethod: {GET: [read, base], POST: [write, audit]}}");

            assertThat(challenge(
                            ExchangeFixture.request(method, "/").scopes("api").run(policy)))
                    .isEqualTo("Bearer realm=\"gateway\", scope=\"" + told + "\"");
        }
    }

    @Nested
    class StepUps {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "\"acr\":\"gold\"|",
                    "\"acr\":\"silver\"|",
                    "\"acr\":\"tin\"|stepup",
                    "\"acr\":\"Gold\"|stepup",
                    "\"acr\":[\"gold\"]|stepup",
                    "\"acr\":null|stepup",
                    "''|stepup",
                })
        void refusesAWeakLogin(String members, @Nullable String reason) {
            answer(members.replace("''", ""));

            assertThat(reason(run(context.policy("stepUp: {acrValues: [gold, silver]}"), "GET")))
                    .isEqualTo(reason);
        }

        @ParameterizedTest
        @CsvSource({
            "0,5,",
            "-300,5,",
            "-305,5,",
            "-306,5,stepup",
            "-300,0,",
            "-301,0,stepup",
            "5,5,",
            "6,5,stepup",
            ",5,stepup"
        })
        void refusesALoginThatIsLongAgo(@Nullable Long offset, int skew, @Nullable String reason) {
            Policy policy = context.policy("stepUp: {maxAge: 300}\nclaims: {clockSkew: " + skew + "}");
            answer(offset == null ? "" : "\"auth_time\":" + (NOW + offset));

            assertThat(reason(run(policy, "GET"))).isEqualTo(reason);
        }

        @ParameterizedTest
        @CsvSource({"true", "'\"soon\"'", "{}", "[1]"})
        void refusesATimeOfLoginThatIsNone(String authTime) {
            answer("\"auth_time\":" + authTime);

            assertThat(reason(run(context.policy("stepUp: {maxAge: 300}"), "GET")))
                    .isEqualTo("stepup");
        }

        @Test
        void readsATimeOfLoginThatIsWrittenAsText() {
            answer("\"auth_time\":\"" + NOW + "\"");

            assertThat(reason(run(context.policy("stepUp: {maxAge: 300}"), "GET")))
                    .isNull();
        }

        @ParameterizedTest
        @CsvSource({"GET,", "HEAD,", "POST,stepup", "DELETE,"})
        void refusesOnlyTheMethodsThatNeedIt(String method, @Nullable String reason) {
            Policy policy = context.policy("stepUp: {acrValues: gold, methods: POST}");
            answer("");

            assertThat(reason(run(policy, method))).isEqualTo(reason);
        }

        @Test
        void refusesHeadWhereGetNeedsIt() {
            Policy policy = context.policy("stepUp: {acrValues: gold, methods: [GET]}");
            answer("");

            assertThat(reason(run(policy, "HEAD"))).isEqualTo("stepup");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "acrValues: [gold, silver]|acr_values=\"gold silver\"",
                    "maxAge: 5m|max_age=\"300\"",
                    "acrValues: gold, maxAge: 300|acr_values=\"gold\", max_age=\"300\"",
                })
        void tellsWhatTheNextLoginNeeds(String options, String told) {
            Policy policy = context.policy("stepUp: {" + options + "}\nscopes: {required: read}");
            answer("\"acr\":\"gold\"".repeat(options.startsWith("maxAge") ? 1 : 0));

            ExchangeFixture exchange = run(policy, "GET");

            assertThat(Objects.requireNonNull(exchange.reply()).status()).isEqualTo(401);
            assertThat(challenge(exchange)).isEqualTo(STEP_UP + ", " + told);
            assertThat(exchange.reply().error()).isEqualTo("insufficient_user_authentication");
        }

        @Test
        void asksTheServerNoSecondTime() {
            Policy policy = context.policy("stepUp: {acrValues: gold, methods: POST}");
            answer("");

            run(policy, "GET");
            run(policy, "POST");

            assertThat(context.endpoint.count()).isEqualTo(1);
        }
    }
}
