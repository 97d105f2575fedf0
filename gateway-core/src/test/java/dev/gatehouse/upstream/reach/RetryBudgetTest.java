package dev.gatehouse.upstream.reach;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryBudgetTest {
    private final RetryBudget budget = new RetryBudget();

    private static long at(int seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    private int granted(long now, int tries) {
        int granted = 0;
        for (int i = 0; i < tries; i++) {
            granted += budget.tryRetry(now, true) ? 1 : 0;
        }
        return granted;
    }

    @ParameterizedTest
    @CsvSource({"0,10", "1,10", "100,10", "110,11", "1000,100"})
    void grantsATenthOfTheRequestsAndTenInAnyCase(int requests, int expected) {
        for (int i = 0; i < requests; i++) {
            budget.countRequest(at(100));
        }

        assertThat(granted(at(100), 1000)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0,5", "100,5", "1000,50"})
    void keepsHalfForConnectionsThatWereClosedInThePool(int requests, int expected) {
        for (int i = 0; i < requests; i++) {
            budget.countRequest(at(100));
        }
        int fresh = 0;
        for (int i = 0; i < 1000; i++) {
            fresh += budget.tryRetry(at(100), false) ? 1 : 0;
        }

        assertThat(fresh).isEqualTo(expected);
        assertThat(granted(at(100), 1000)).isEqualTo(expected);
    }

    @Test
    void refusesWhatTenSecondsHaveUsedUp() {
        assertThat(granted(at(100), 20)).isEqualTo(10);

        assertThat(granted(at(109), 20)).isZero();
        assertThat(granted(at(110), 20)).isEqualTo(10);
    }

    @Test
    void forgetsRequestsOfLongAgo() {
        for (int i = 0; i < 1000; i++) {
            budget.countRequest(at(1));
        }

        assertThat(granted(at(1_000_000), 1000)).isEqualTo(10);
    }
}
