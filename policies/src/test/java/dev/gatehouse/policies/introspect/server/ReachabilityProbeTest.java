package dev.gatehouse.policies.introspect.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.policies.introspect.report.Cause;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Looks for a server that is away, under a breaker that stays open for five seconds. */
class ReachabilityProbeTest {
    private final TimeFixture time = new TimeFixture();
    private final CircuitBreaker breaker = new CircuitBreaker(
            new CircuitBreaker.Settings(
                    true, Duration.ofSeconds(10), 2, 0.5, Duration.ofSeconds(5), Duration.ofSeconds(30), 3),
            time,
            () -> {});
    private int connections;
    private boolean reachable;
    private @Nullable CompletableFuture<Boolean> pending;
    private final ReachabilityProbe probe = new ReachabilityProbe(
            breaker,
            () -> {
                connections++;
                return pending == null ? CompletableFuture.completedFuture(reachable) : pending;
            },
            time,
            time);

    private void callFails(Cause cause) {
        long permit = breaker.acquire();
        probe.ended(cause);
        breaker.record(permit, true);
    }

    private void opens(Cause cause) {
        callFails(cause);
        callFails(cause);
        assertThat(breaker.refuses()).isTrue();
        probe.refused();
    }

    private void halfSecondsPass(int count) {
        for (int i = 0; i < count; i++) {
            time.passes(Duration.ofMillis(500));
        }
    }

    @Test
    void letsARequestTryWithinASecondOfTheReturn() {
        opens(Cause.REFUSED);
        halfSecondsPass(3);
        assertThat(breaker.refuses()).isTrue();
        assertThat(connections).isEqualTo(3);

        reachable = true;
        halfSecondsPass(1);

        assertThat(breaker.refuses()).isFalse();
        assertThat(breaker.retryAfterSeconds()).isEqualTo(1);
        assertThat(breaker.acquire()).isNotEqualTo(CircuitBreaker.REFUSED);
        assertThat(breaker.phase()).isEqualTo(CircuitBreaker.Phase.HALF_OPEN);
    }

    @Test
    void connectsTwiceASecondHoweverManyRequestsAreRefused() {
        opens(Cause.REFUSED);

        for (int i = 0; i < 400; i++) {
            probe.refused();
            time.passes(Duration.ofMillis(10));
        }

        assertThat(connections).isEqualTo(8);
    }

    @Test
    void waitsForAConnectionThatTakesItsTime() {
        pending = new CompletableFuture<>();
        opens(Cause.CONNECT_TIMEOUT);

        halfSecondsPass(4);
        assertThat(connections).isEqualTo(1);
        pending.complete(true);

        assertThat(breaker.refuses()).isFalse();
    }

    @Test
    void stopsWhenNobodyAsksAnyMore() {
        CircuitBreaker patient = new CircuitBreaker(
                new CircuitBreaker.Settings(
                        true, Duration.ofSeconds(10), 1, 0.5, Duration.ofMinutes(5), Duration.ofMinutes(5), 3),
                time,
                () -> {});
        ReachabilityProbe other = new ReachabilityProbe(
                patient,
                () -> {
                    connections++;
                    return CompletableFuture.completedFuture(false);
                },
                time,
                time);
        other.ended(Cause.REFUSED);
        patient.record(patient.acquire(), true);
        other.refused();

        halfSecondsPass(100);
        assertThat(connections).isEqualTo(19);

        other.refused();
        halfSecondsPass(1);
        assertThat(connections).isEqualTo(20);
    }

    @ParameterizedTest
    @EnumSource(
            value = Cause.class,
            names = {"STATUS", "RESPONSE_TIMEOUT", "RESET", "RATE_LIMITED", "CREDENTIALS", "TLS"})
    void leavesAServerAloneThatCanBeReached(Cause cause) {
        reachable = true;
        opens(cause);

        halfSecondsPass(9);

        assertThat(connections).isZero();
        assertThat(breaker.refuses()).isTrue();
    }

    @Test
    void leavesAServerAloneThatAcceptsConnectionsAndNothingElse() {
        opens(Cause.REFUSED);
        reachable = true;
        halfSecondsPass(1);
        callFails(Cause.RESET);
        probe.refused();

        halfSecondsPass(9);

        assertThat(connections).isEqualTo(1);
        assertThat(breaker.refuses()).isTrue();
    }

    @Test
    void goesOnAfterAConnectionThatFailsWithAnException() {
        pending = CompletableFuture.failedFuture(new IllegalStateException("shutting down"));
        opens(Cause.DNS);
        halfSecondsPass(2);
        pending = null;
        reachable = true;

        halfSecondsPass(1);

        assertThat(breaker.refuses()).isFalse();
    }

    @Test
    void doesNothingToABreakerThatIsNotOpen() {
        breaker.expectRecovery();

        assertThat(breaker.phase()).isEqualTo(CircuitBreaker.Phase.CLOSED);
    }
}
