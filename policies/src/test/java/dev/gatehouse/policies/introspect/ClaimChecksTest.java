package dev.gatehouse.policies.introspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exchange.ExchangeFixture;
import dev.gatehouse.policies.introspect.server.TimeFixture;
import dev.gatehouse.policy.Policy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the options under {@code claims} accept and refuse. */
class ClaimChecksTest {
    private static final long NOW = TimeFixture.START_SECONDS;

    private final ContextFixture context = new ContextFixture();

    private static @Nullable String reason(Policy policy) {
        ExchangeFixture exchange = ExchangeFixture.get("/").bearer("t").run(policy);
        return exchange.hasRunOut() ? null : exchange.auth().reason();
    }

    /** The reason for which a token with these members is refused; null = it passes. */
    private @Nullable String reason(String options, String members) {
        context.endpoint.token("t", "{\"active\":true" + (members.isEmpty() ? "" : "," + members) + "}");
        return reason(context.policy(options));
    }

    private @Nullable String reasonAt(String options, String claim, @Nullable Long offset) {
        return reason(options, offset == null ? "" : "\"" + claim + "\":" + (NOW + offset));
    }

    @ParameterizedTest
    @CsvSource({"'',-1,expired", "'',0,expired", "'',1,", "30,-1,", "30,-29,", "30,-30,expired", "60,-59,"})
    void gracesExpOnlyAsFarAsConfigured(String skew, long offset, @Nullable String reason) {
        assertThat(reasonAt(skew.isEmpty() ? "" : "claims: {expSkew: " + skew + "}", "exp", offset))
                .isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({"3,", "5,", "6,not_yet", "60,not_yet", "600,not_yet"})
    void toleratesOtherClocksInNbfAndIat(long offset, @Nullable String reason) {
        assertThat(reasonAt("", "nbf", offset)).isEqualTo(reason);
        assertThat(reasonAt("", "iat", offset)).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({"'',", "'\"exp\":null',", "'\"exp\":\"1\"',expired", "'\"exp\":1e300',"})
    void takesAMissingExpForNoEnd(String members, @Nullable String reason) {
        assertThat(reason("", members)).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({"'',expired", "'\"exp\":null',expired", "'\"exp\":1e300',", "'\"exp\":1',expired"})
    void refusesAMissingExpWhenOneIsRequired(String members, @Nullable String reason) {
        assertThat(reason("claims: {requireExp: true}", members)).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({"-3600,", "-3601,expired", "0,", "5,", "60,not_yet", ",expired"})
    void refusesTokensThatAreTooOld(@Nullable Long offset, @Nullable String reason) {
        assertThat(reasonAt("claims: {maxTokenAge: 3600}", "iat", offset)).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "reject|''|audience",
                "reject|\"aud\":null|audience",
                "reject|\"aud\":\"api\"|",
                "reject|\"aud\":\"other\"|audience",
                "accept|''|",
                "accept|\"aud\":null|",
                "accept|\"aud\":\"api\"|",
                "accept|\"aud\":[\"x\",\"api\"]|",
                "accept|\"aud\":\"other\"|audience",
                "accept|\"aud\":\"\"|audience",
                "accept|\"aud\":[]|audience",
                "accept|\"aud\":[7]|audience",
                "accept|\"aud\":{\"api\":1}|audience",
                "accept|\"aud\":false|audience",
            })
    void refusesAWrongAudienceWhateverHappensToAMissingOne(String missing, String members, @Nullable String reason) {
        assertThat(reason("claims: {audience: api, audienceMissing: " + missing + "}", members.replace("''", "")))
                .isEqualTo(reason);
    }

    @Test
    void countsTokensWithoutAudience() {
        String options = "claims: {audience: api, audienceMissing: accept}";

        reason(options, "");
        reason(options, "\"aud\":\"api\"");
        reason(options, "\"aud\":\"other\"");

        // The second and third answer come from the cache of the first: the count is that of the uses.
        assertThat(context.counted("gateway.introspection.audience.missing", "pipeline", "main"))
                .isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{realm_access.roles: x}|\"realm_access\":{\"roles\":[\"a\",\"x\"]}|",
                "{realm_access.roles: x}|\"realm_access\":{\"roles\":\"x\"}|",
                "{realm_access.roles: x}|\"realm_access\":{\"roles\":[\"a\",\"X\"]}|claims",
                "{realm_access.roles: x}|\"realm_access\":{\"roles\":[]}|claims",
                "{realm_access.roles: x}|\"realm_access\":{\"roles\":{\"x\":1}}|claims",
                "{realm_access.roles: x}|\"realm_access\":\"x\"|claims",
                "{realm_access.roles: x}|\"realm_access.roles\":\"x\"|claims",
                "{realm_access.roles: x}|''|claims",
                "{tenant: [acme, umbrella]}|\"tenant\":\"umbrella\"|",
                "{tenant: [acme, umbrella]}|\"tenant\":[\"x\",\"acme\"]|",
                "{tenant: [acme, umbrella]}|\"tenant\":\"other\"|claims",
                "{tenant: acme}|\"tenant\":null|claims",
                "{tenant: acme}|\"tenant\":\"acme \"|claims",
                "{level: 3}|\"level\":3|",
                "{level: 3}|\"level\":3.0|",
                "{level: 3.5}|\"level\":3.5|",
                "{level: 3}|\"level\":[1,3]|",
                "{level: 3}|\"level\":\"3\"|claims",
                "{level: 3}|\"level\":4|claims",
                "{level: 3}|\"level\":1e999|claims",
                "{level: 3}|\"level\":99999999999999999999|claims",
                "{level: '3'}|\"level\":3|claims",
                "{verified: true}|\"verified\":true|",
                "{verified: true}|\"verified\":false|claims",
                "{verified: true}|\"verified\":\"true\"|claims",
                "{verified: true}|\"verified\":1|claims",
                "{a: 1, b: 2}|\"a\":1,\"b\":2|",
                "{a: 1, b: 2}|\"a\":1,\"b\":3|claims",
            })
    void refusesWhenARequiredClaimIsNotThere(String required, String members, @Nullable String reason) {
        assertThat(reason("claims: {required: " + required + "}", members.replace("''", "")))
                .isEqualTo(reason);
    }

    /** The grace is for what the server says now, so it must never reach what the gateway remembers. */
    @Nested
    class GraceAndCache {
        private final Policy policy = context.policy("ttl: 600\nclaims: {expSkew: 30}\ncache: {refreshAhead: 0}");

        private void answer(long offset) {
            context.endpoint.token("t", "{\"active\":true,\"exp\":" + (NOW + offset) + "}");
        }

        @Test
        void asksForEachUseOfATokenInItsGrace() {
            answer(-10);

            assertThat(reason(policy)).isNull();
            assertThat(reason(policy)).isNull();

            assertThat(context.endpoint.count()).isEqualTo(2);
        }

        @Test
        void endsAnEntryAtExpExactly() {
            answer(10);
            assertThat(reason(policy)).isNull();
            context.time.passes(Duration.ofSeconds(9));
            assertThat(reason(policy)).isNull();
            assertThat(context.endpoint.count()).isEqualTo(1);

            context.time.passes(Duration.ofSeconds(1));

            assertThat(reason(policy)).isNull();
            assertThat(context.endpoint.count()).isEqualTo(2);
        }

        @Test
        void refusesAtOnceWhenTheServerDoesNotGraceIt() {
            answer(10);
            assertThat(reason(policy)).isNull();
            context.endpoint.token("t", "{\"active\":false}");
            context.time.passes(Duration.ofSeconds(10));

            assertThat(reason(policy)).isEqualTo("inactive");
        }

        @Test
        void refusesAKeptAnswerWhenTheClockIsSetBeyondItsEnd() {
            answer(10);
            assertThat(reason(policy)).isNull();
            context.time.wallClockJumps(Duration.ofSeconds(40));

            assertThat(reason(policy)).isEqualTo("expired");
            assertThat(context.endpoint.count()).isEqualTo(2);
        }
    }
}
