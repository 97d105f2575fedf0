package dev.gatehouse.policies.introspect.server;

import static dev.gatehouse.policies.introspect.server.EndpointFixture.answer;
import static dev.gatehouse.policies.introspect.server.EndpointFixture.failed;
import static dev.gatehouse.policies.introspect.server.EndpointFixture.json;
import static dev.gatehouse.policies.introspect.server.ServerFixture.introspect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.policies.introspect.answer.Introspection.Active;
import dev.gatehouse.policies.introspect.answer.Introspection.Inactive;
import dev.gatehouse.policies.introspect.answer.Introspection.Unavailable;
import dev.gatehouse.policies.introspect.cache.Reuse;
import dev.gatehouse.policies.introspect.report.Cause;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries that outlive their minute by half a minute while the server is down. */
class StaleIfErrorTest {
    private static final Reuse FORGIVING = new Reuse(
            TimeUnit.MINUTES.toNanos(1), TimeUnit.SECONDS.toNanos(5), TimeUnit.SECONDS.toNanos(30), 0, 0, 1024, true);

    private final ServerFixture fixture = new ServerFixture();

    private AuthorizationServer warm(String answer) {
        fixture.endpoint.token("t", answer);
        AuthorizationServer server = fixture.withoutBreaker().open(FORGIVING);
        introspect(server, "t", FORGIVING);
        fixture.time.passes(Duration.ofSeconds(60));
        return server;
    }

    private void isUsed(AuthorizationServer server) {
        var answer = introspect(server, "t", FORGIVING);
        fixture.time.passes(Duration.ofMillis(200)); // a repetition
        assertThat(answer).isCompletedWithValueMatching(Active.class::isInstance);
    }

    private void isRefused(AuthorizationServer server) {
        var answer = introspect(server, "t", FORGIVING);
        fixture.time.passes(Duration.ofMillis(200));
        assertThat(answer).isCompletedWithValueMatching(known -> !(known instanceof Active));
    }

    @Test
    void endsWithTtlAndTheTimeOfGrace() {
        AuthorizationServer server = warm("{\"active\":true}");
        fixture.endpoint.always(failed(CallResult.Cause.RESET));

        isUsed(server);
        fixture.time.passes(Duration.ofMillis(29_700));
        isUsed(server);
        isRefused(server);

        assertThat(fixture.counted("gateway.introspection.cache.lookups", "result", "stale"))
                .isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = CallResult.Cause.class,
            names = {"REFUSED", "DNS", "CONNECT_TIMEOUT", "TLS", "RESPONSE_TIMEOUT", "RESET", "TRUNCATED", "OVERLOAD"})
    void helpsWhenTheServerCannotBeReached(CallResult.Cause cause) {
        AuthorizationServer server = warm("{\"active\":true}");
        fixture.endpoint.always(failed(cause));

        isUsed(server);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void helpsWhenTheServerIsOverloaded(int status) {
        AuthorizationServer server = warm("{\"active\":true}");
        fixture.endpoint.always(answer(status, ""));

        isUsed(server);
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 302, 400, 401, 403, 404})
    void refusesWhenTheServerAnswersSomethingElse(int status) {
        AuthorizationServer server = warm("{\"active\":true}");
        fixture.endpoint.always(answer(status, ""));

        isRefused(server);
    }

    @Test
    void refusesWhenTheAnswerCannotBeUsed() {
        AuthorizationServer server = warm("{\"active\":true}");
        fixture.endpoint.always(json("{\"active\":true,\"exp\":\"soon\"}"));

        isRefused(server);
    }

    @Test
    void helpsWhileTheBreakerIsOpen() {
        fixture.endpoint.token("t", "{\"active\":true}");
        AuthorizationServer server = fixture.open(FORGIVING);
        introspect(server, "t", FORGIVING);
        fixture.time.passes(Duration.ofSeconds(60));
        fixture.endpoint.always(failed(CallResult.Cause.RESET));
        for (int i = 0; i < 20; i++) {
            introspect(server, "other" + i, FORGIVING);
        }
        assertThat(server.state().breaker()).isEqualTo("open");
        int calls = fixture.endpoint.count();

        isUsed(server);

        assertThat(introspect(server, "new", FORGIVING)).isCompletedWithValue(new Unavailable(Cause.BREAKER, 5));
        assertThat(fixture.endpoint.count()).isEqualTo(calls);
    }

    @Test
    void refusesAtOnceWhenTheServerSaysInactive() {
        AuthorizationServer server = warm("{\"active\":true}");
        fixture.endpoint.always(failed(CallResult.Cause.RESET));
        isUsed(server);
        fixture.endpoint.always(json("{\"active\":false}"));

        assertThat(introspect(server, "t", FORGIVING)).isCompletedWithValueMatching(Inactive.class::isInstance);

        fixture.endpoint.always(failed(CallResult.Cause.RESET));
        isRefused(server);
        fixture.time.passes(Duration.ofSeconds(5));
        isRefused(server);
    }

    @Test
    void refusesBeyondTheTokensEnd() {
        AuthorizationServer server = warm("{\"active\":true,\"exp\":" + fixture.time.seconds(70) + "}");
        fixture.endpoint.always(failed(CallResult.Cause.RESET));
        fixture.time.passes(Duration.ofMillis(9_700));
        isUsed(server);

        fixture.time.passes(Duration.ofMillis(100));
        isRefused(server);
    }

    @Test
    void refusesBeyondTheTokensEndWhenTheWallClockIsSet() {
        AuthorizationServer server = warm("{\"active\":true,\"exp\":" + fixture.time.seconds(3600) + "}");
        fixture.endpoint.always(failed(CallResult.Cause.RESET));

        fixture.time.wallClockJumps(Duration.ofHours(1));

        isRefused(server);
    }

    @ParameterizedTest
    @ValueSource(strings = {"token", "claim", "all"})
    void refusesAfterAPurge(String kind) {
        AuthorizationServer server = warm("{\"active\":true,\"sub\":\"alice\"}");
        fixture.endpoint.always(failed(CallResult.Cause.RESET));

        switch (kind) {
            case "token" -> server.purgeToken("t");
            case "claim" -> server.purgeClaim("sub", "alice");
            default -> server.purgeAll();
        }

        isRefused(server);
    }

    @Test
    void refusesWhenAnotherPolicyAllowsItOnly() {
        AuthorizationServer server = warm("{\"active\":true}");
        fixture.endpoint.always(failed(CallResult.Cause.RESET));

        assertThat(introspect(server, "t", ServerFixture.reuse(60, 5)))
                .isCompletedWithValue(new Unavailable(Cause.RESET, 1));
    }

    @Test
    void refusesForMethodsThatTakeNoOlderAnswer() {
        AuthorizationServer server = warm("{\"active\":true}");
        fixture.endpoint.always(failed(CallResult.Cause.RESET));

        assertThat(introspect(server, "t", FORGIVING.within(0))).isCompletedWithValue(new Unavailable(Cause.RESET, 1));
    }
}
