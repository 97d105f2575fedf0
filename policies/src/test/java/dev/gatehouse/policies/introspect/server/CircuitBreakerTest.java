package dev.gatehouse.policies.introspect.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.policies.introspect.server.CircuitBreaker.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CircuitBreakerTest {
    private final TimeFixture time = new TimeFixture();
    private final List<Phase> changes = new ArrayList<>();
    private final CircuitBreaker breaker = breaker(true, 0.5);

    private CircuitBreaker breaker(boolean enabled, double failureRatio) {
        CircuitBreaker[] made = new CircuitBreaker[1];
        made[0] = new CircuitBreaker(
                new CircuitBreaker.Settings(
                        enabled,
                        Duration.ofSeconds(10),
                        20,
                        failureRatio,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        3),
                time,
                () -> changes.add(made[0].phase()));
        return made[0];
    }

    private void calls(int number, boolean failed) {
        for (int i = 0; i < number; i++) {
            breaker.record(breaker.acquire(), failed);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0,19,CLOSED",
        "0,20,OPEN",
        "10,10,CLOSED",
        "10,11,CLOSED",
        "10,12,OPEN",
        "20,19,CLOSED",
        "20,20,OPEN",
        "1000,20,OPEN"
    })
    void opensWhenEnoughOfEnoughCallsFailed(int good, int bad, Phase phase) {
        calls(good, false);
        calls(bad, true);

        assertThat(breaker.phase()).isEqualTo(phase);
    }

    @Test
    void opensAtTheHighestRatioWhenAllCallsFailed() {
        CircuitBreaker patient = breaker(true, 1);
        for (int i = 0; i < 20; i++) {
            patient.record(patient.acquire(), true);
        }

        assertThat(patient.phase()).isEqualTo(Phase.OPEN);
    }

    @Test
    void staysClosedWhenEveryOtherCallFails() {
        for (int i = 0; i < 100; i++) {
            calls(1, true);
            calls(1, false);
        }

        assertThat(breaker.phase()).isEqualTo(Phase.CLOSED);
    }

    @Test
    void forgetsWhatIsOutsideTheWindow() {
        calls(19, true);
        time.passes(Duration.ofSeconds(11));
        calls(19, true);

        assertThat(breaker.phase()).isEqualTo(Phase.CLOSED);
    }

    @Test
    void countsOverTheWholeWindow() {
        for (int i = 0; i < 20; i++) {
            calls(1, true);
            time.passes(Duration.ofMillis(450));
        }

        assertThat(changes).containsExactly(Phase.OPEN);
    }

    @Test
    void refusesWhileOpenAndTellsForHowLong() {
        calls(20, true);

        assertThat(breaker.acquire()).isEqualTo(CircuitBreaker.REFUSED);
        assertThat(breaker.refuses()).isTrue();
        assertThat(breaker.retryAfterSeconds()).isEqualTo(5);
        time.passes(Duration.ofMillis(4_100));
        assertThat(breaker.acquire()).isEqualTo(CircuitBreaker.REFUSED);
        assertThat(breaker.retryAfterSeconds()).isEqualTo(1);
    }

    @Test
    void closesAfterThreeGoodProbes() {
        calls(20, true);
        time.passes(Duration.ofSeconds(5));
        long first = breaker.acquire();
        long second = breaker.acquire();
        long third = breaker.acquire();

        assertThat(List.of(first, second, third)).doesNotContain(CircuitBreaker.REFUSED);
        assertThat(breaker.acquire()).isEqualTo(CircuitBreaker.REFUSED);
        breaker.record(first, false);
        breaker.record(second, false);
        assertThat(breaker.phase()).isEqualTo(Phase.HALF_OPEN);
        breaker.record(third, false);

        assertThat(breaker.phase()).isEqualTo(Phase.CLOSED);
        assertThat(changes).containsExactly(Phase.OPEN, Phase.HALF_OPEN, Phase.CLOSED);
        calls(19, true);
        assertThat(breaker.phase()).isEqualTo(Phase.CLOSED);
    }

    @Test
    void opensForTwiceAsLongAfterEachFailedProbe() {
        calls(20, true);
        for (int seconds : new int[] {5, 10, 20, 30, 30}) {
            assertThat(breaker.retryAfterSeconds()).isEqualTo(seconds);
            time.passes(Duration.ofSeconds(seconds));
            calls(1, true);
            assertThat(breaker.phase()).isEqualTo(Phase.OPEN);
        }
    }

    @Test
    void startsAgainWithTheShortTimeOnceItHasClosed() {
        calls(20, true);
        time.passes(Duration.ofSeconds(5));
        calls(1, true);
        time.passes(Duration.ofSeconds(10));
        calls(3, false);
        calls(20, true);

        assertThat(breaker.retryAfterSeconds()).isEqualTo(5);
    }

    @Test
    void ignoresResultsOfCallsThatBeganBeforeItOpened() {
        long late = breaker.acquire();
        calls(20, true);
        time.passes(Duration.ofSeconds(5));
        breaker.acquire();

        breaker.record(late, true);

        assertThat(breaker.phase()).isEqualTo(Phase.HALF_OPEN);
    }

    @Test
    void doesNothingWhenDisabled() {
        CircuitBreaker disabled = breaker(false, 0.5);
        for (int i = 0; i < 100; i++) {
            disabled.record(disabled.acquire(), true);
        }

        assertThat(disabled.acquire()).isNotEqualTo(CircuitBreaker.REFUSED);
        assertThat(disabled.refuses()).isFalse();
    }
}
