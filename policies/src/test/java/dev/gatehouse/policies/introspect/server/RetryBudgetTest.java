package dev.gatehouse.policies.introspect.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.policies.introspect.cache.Reuse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Repetitions stay a small part of the calls. */
class RetryBudgetTest {
    private final TimeFixture time = new TimeFixture();

    private int taken(RetryBudget budget, int attempts) {
        int taken = 0;
        for (int i = 0; i < attempts; i++) {
            taken += budget.take() ? 1 : 0;
        }
        return taken;
    }

    private static void calls(RetryBudget budget, int count) {
        for (int i = 0; i < count; i++) {
            budget.called();
        }
    }

    @Test
    void allowsAFifthOfTheCalls() {
        RetryBudget budget = new RetryBudget(0.2, time);
        calls(budget, 100);

        assertThat(taken(budget, 100)).isEqualTo(20);
    }

    @Test
    void allowsOneInEachSecondAtLeast() {
        RetryBudget budget = new RetryBudget(0.2, time);
        for (int second = 0; second < 30; second++) {
            assertThat(taken(budget, 5)).isEqualTo(1);
            time.passes(Duration.ofSeconds(1));
        }
    }

    @Test
    void allowsOnlyOneInASecondWhenItIsZero() {
        RetryBudget budget = new RetryBudget(0, time);
        calls(budget, 1000);

        assertThat(taken(budget, 100)).isEqualTo(1);
    }

    @Test
    void forgetsCallsAfterTenSeconds() {
        RetryBudget budget = new RetryBudget(0.2, time);
        calls(budget, 100);
        time.passes(Duration.ofSeconds(9));
        assertThat(taken(budget, 100)).isEqualTo(20);

        time.passes(Duration.ofSeconds(1));
        assertThat(taken(budget, 100)).isEqualTo(1);
    }

    @Test
    void givesBackWhatItRefused() {
        RetryBudget budget = new RetryBudget(0.5, time);
        calls(budget, 2);
        assertThat(taken(budget, 50)).isEqualTo(1);

        calls(budget, 8);
        assertThat(taken(budget, 50)).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 100, 1000})
    void letsCallsToADeadServerGrowByAFifthAtMost(int millis) {
        ServerFixture fixture = new ServerFixture().withoutBreaker();
        fixture.endpoint.always(EndpointFixture.failed(CallResult.Cause.REFUSED));
        Reuse reuse = ServerFixture.reuse(60, 5);
        AuthorizationServer server = fixture.open(reuse);
        int asked = 20_000 / millis;

        for (int i = 0; i < asked; i++) {
            ServerFixture.introspect(server, "t" + i, reuse);
            fixture.time.passes(Duration.ofMillis(millis));
        }
        fixture.time.passes(Duration.ofSeconds(1));

        double seconds = 21;
        assertThat((double) fixture.endpoint.count()).isLessThanOrEqualTo(Math.max(1.2 * asked, asked + seconds));
        assertThat(fixture.endpoint.count()).isGreaterThan(asked);
    }
}
