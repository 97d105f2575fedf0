package dev.gatehouse.policies.introspect.server;

import static dev.gatehouse.policies.introspect.server.EndpointFixture.answer;
import static dev.gatehouse.policies.introspect.server.EndpointFixture.failed;
import static dev.gatehouse.policies.introspect.server.EndpointFixture.json;
import static dev.gatehouse.policies.introspect.server.ServerFixture.introspect;
import static dev.gatehouse.policies.introspect.server.ServerFixture.known;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.policies.introspect.answer.Introspection.Active;
import dev.gatehouse.policies.introspect.answer.Introspection.Inactive;
import dev.gatehouse.policies.introspect.cache.Reuse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Entries that are asked for again before they end; a minute of life, refreshed after 48 seconds. */
class RefreshAheadTest {
    private static final Reuse MINUTE = minute(0.8);
    private static final String ACTIVE = "{\"active\":true}";

    private final ServerFixture fixture = new ServerFixture();

    private static Reuse minute(double refreshAhead) {
        return new Reuse(TimeUnit.MINUTES.toNanos(1), TimeUnit.SECONDS.toNanos(5), 0, 0, refreshAhead, 1024, true);
    }

    private AuthorizationServer warm(String answer) {
        fixture.endpoint.token("t", answer);
        AuthorizationServer server = fixture.open(MINUTE);
        introspect(server, "t", MINUTE);
        return server;
    }

    private double refreshes(String outcome) {
        return fixture.counted("gateway.introspection.refreshes", "outcome", outcome);
    }

    @Test
    void letsNoRequestWaitInSteadyTraffic() {
        AuthorizationServer server = warm(ACTIVE);
        fixture.endpoint.hold();

        for (int second = 0; second < 600; second++) {
            assertThat(known(server, "t", MINUTE)).as("second %d", second).isInstanceOf(Active.class);
            fixture.endpoint.release();
            fixture.time.passes(Duration.ofSeconds(1));
        }

        assertThat(refreshes("active")).isBetween(11.0, 13.0);
        assertThat(fixture.endpoint.count()).isEqualTo(1 + (int) refreshes("active"));
    }

    @Test
    void beginsWithTheShareOfTheLife() {
        AuthorizationServer server = warm(ACTIVE);

        fixture.time.passes(Duration.ofMillis(47_999));
        known(server, "t", MINUTE);
        assertThat(fixture.endpoint.count()).isEqualTo(1);

        fixture.time.passes(Duration.ofMillis(1));
        known(server, "t", MINUTE);
        assertThat(fixture.endpoint.count()).isEqualTo(2);
    }

    @Test
    void neverHappensWhenItIsOff() {
        AuthorizationServer server = warm(ACTIVE);
        fixture.time.passes(Duration.ofMillis(59_999));

        assertThat(known(server, "t", minute(0))).isInstanceOf(Active.class);

        assertThat(fixture.endpoint.count()).isEqualTo(1);
    }

    @Test
    void makesOneCallForManyHitsAndSharesItWithThoseWhoWait() {
        AuthorizationServer server = warm(ACTIVE);
        fixture.endpoint.hold();
        fixture.time.passes(Duration.ofSeconds(50));
        for (int i = 0; i < 100; i++) {
            known(server, "t", MINUTE);
        }
        assertThat(fixture.endpoint.open()).isEqualTo(1);

        fixture.time.passes(Duration.ofSeconds(10));
        var waiting = introspect(server, "t", MINUTE);

        assertThat(waiting).isNotDone();
        assertThat(fixture.endpoint.count()).isEqualTo(2);
        fixture.endpoint.letGo();
        assertThat(waiting).isCompletedWithValueMatching(Active.class::isInstance);
        assertThat(known(server, "t", MINUTE)).isInstanceOf(Active.class);
        assertThat(fixture.endpoint.count()).isEqualTo(2);
    }

    @Test
    void refusesATokenThatHasBecomeInactive() {
        AuthorizationServer server = warm(ACTIVE);
        fixture.endpoint.token("t", "{\"active\":false}");
        fixture.time.passes(Duration.ofSeconds(50));

        assertThat(known(server, "t", MINUTE)).isInstanceOf(Active.class);

        assertThat(known(server, "t", MINUTE)).isInstanceOf(Inactive.class);
        assertThat(server.state().entries()).isZero();
        assertThat(refreshes("inactive")).isEqualTo(1);
    }

    @Test
    void refusesATokenThatTheServerRejects() {
        AuthorizationServer server = warm(ACTIVE);
        fixture.endpoint.token("t", answer(400, "{\"error\":\"x\"}", "content-type", "application/json"));
        fixture.time.passes(Duration.ofSeconds(50));
        known(server, "t", MINUTE);

        assertThat(known(server, "t", MINUTE)).isNull();
        assertThat(refreshes("rejected")).isEqualTo(1);
    }

    @Test
    void keepsTheEntryToItsEndWhenCallsFailAndTriesEverMoreRarely() {
        AuthorizationServer server = warm(ACTIVE);
        fixture.endpoint.always(failed(CallResult.Cause.RESET));
        fixture.time.passes(Duration.ofSeconds(48));
        StringBuilder attempts = new StringBuilder();

        for (int half = 0; half < 24; half++) {
            int before = fixture.endpoint.count();
            assertThat(known(server, "t", MINUTE)).isInstanceOf(Active.class);
            attempts.append(fixture.endpoint.count() - before);
            fixture.time.passes(Duration.ofMillis(500));
        }

        // After 0, 1, 3 and 7 seconds: pauses of 1, 2, 4, then 8.
        assertThat(attempts).hasToString("101000100000001000000000");
        assertThat(refreshes("error")).isEqualTo(4);
        assertThat(known(server, "t", MINUTE)).isNull();
    }

    @Test
    void usesAQuarterOfTheCalls() {
        AuthorizationServer server = fixture.bulkhead(8, 1000).open(MINUTE);
        for (int i = 0; i < 20; i++) {
            fixture.endpoint.token("t" + i, ACTIVE);
            introspect(server, "t" + i, MINUTE);
        }
        fixture.time.passes(Duration.ofSeconds(50));
        fixture.endpoint.hold();

        for (int i = 0; i < 20; i++) {
            known(server, "t" + i, MINUTE);
        }

        assertThat(fixture.endpoint.open()).isEqualTo(2);
        for (int round = 0; round < 20; round++) {
            fixture.endpoint.release();
            fixture.time.passes(Duration.ofMillis(100));
            for (int i = 0; i < 20; i++) {
                known(server, "t" + i, MINUTE);
            }
            assertThat(fixture.endpoint.open()).isLessThanOrEqualTo(2);
        }
        fixture.endpoint.letGo();
        assertThat(fixture.endpoint.count()).isEqualTo(40);
        assertThat(server.state().inFlight()).isZero();
    }

    @Test
    void refusesToStoreWhatWasAskedBeforeAPurge() {
        AuthorizationServer server = warm("{\"active\":true,\"sub\":\"alice\"}");
        fixture.endpoint.hold();
        fixture.time.passes(Duration.ofSeconds(50));
        known(server, "t", MINUTE);

        assertThat(server.purgeClaim("sub", "alice")).isEqualTo(1);
        fixture.endpoint.letGo();

        assertThat(known(server, "t", MINUTE)).isNull();
        assertThat(server.state().entries()).isZero();
    }

    /** Asking again does not make a token live longer, so that it must not be done ever faster towards its end. */
    @ParameterizedTest
    @CsvSource({"0, 2", "20, 7"})
    void happensOncePerEndOfTheToken(int laterEachTime, int calls) {
        CallResult[] results = new CallResult[20];
        for (int i = 0; i < results.length; i++) {
            long end = fixture.time.seconds(20) + (long) i * laterEachTime;
            results[i] = json("{\"active\":true,\"exp\":" + end + "}");
        }
        fixture.endpoint.token("t", results);
        AuthorizationServer server = fixture.open(MINUTE);
        introspect(server, "t", MINUTE);

        for (int step = 0; step < 1_999; step++) {
            fixture.time.passes(Duration.ofMillis(10));
            known(server, "t", MINUTE);
        }
        for (int step = 0; laterEachTime > 0 && step < 11_000; step++) {
            fixture.time.passes(Duration.ofMillis(10));
            assertThat(known(server, "t", MINUTE)).isNotNull();
        }

        assertThat(fixture.endpoint.count()).isEqualTo(calls);
    }

    @Test
    void keepsAnAnswerThatAFreshConnectionBrought() {
        AuthorizationServer server = warm(ACTIVE);
        var first = (CallResult.Answer) json(ACTIVE);
        fixture.endpoint.token("t", new CallResult.Answer(200, first.headers(), first.body(), true));
        fixture.time.passes(Duration.ofSeconds(50));
        known(server, "t", MINUTE);

        fixture.time.passes(Duration.ofSeconds(15));

        assertThat(known(server, "t", MINUTE)).isInstanceOf(Active.class);
        assertThat(fixture.endpoint.count()).isEqualTo(2);
    }
}
