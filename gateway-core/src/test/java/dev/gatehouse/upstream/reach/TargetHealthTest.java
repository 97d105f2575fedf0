package dev.gatehouse.upstream.reach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetHealthTest {
    private static final Target A = new Target("a.test", 80, null);
    private static final Target B = new Target("b.test", 80, null);
    private static final Target C = new Target("c.test", 80, null);

    private final AtomicLong now = new AtomicLong();
    private final TargetHealth health = new TargetHealth(now::get);

    private void pass(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private List<Target> order(Target... targets) {
        List<Target> tried = new ArrayList<>();
        TargetOrder order = new TargetOrder(List.of(targets), health);
        tried.add(order.current());
        while (order.hasNext()) {
            tried.add(order.next());
        }
        return tried;
    }

    @Test
    void putsATargetAsideForASecond() {
        assertThat(health.failed(A)).isTrue();

        assertThat(health.mayTry(A)).isFalse();
        assertThat(health.mayTry(B)).isTrue();
        pass(999);
        assertThat(health.mayTry(A)).isFalse();
        pass(1);
        assertThat(health.mayTry(A)).isTrue();
    }

    @Test
    void letsOneCallTryAfterThePause() {
        health.failed(A);
        pass(1000);

        assertThat(health.mayTry(A)).isTrue();
        assertThat(health.mayTry(A)).isFalse();
        pass(1000);
        assertThat(health.mayTry(A)).as("the one before never came back").isTrue();
    }

    @Test
    void doublesThePauseUpToHalfAMinute() {
        long pause = 1000;
        for (int failures = 1; failures <= 8; failures++) {
            health.failed(A);
            pass(pause - 1);
            assertThat(health.mayTry(A)).as("%d failures", failures).isFalse();
            pass(1);
            assertThat(health.mayTry(A)).as("%d failures", failures).isTrue();
            pause = Math.min(30_000, pause * 2);
        }
    }

    @Test
    void countsCallsThatFailTogetherOnce() {
        for (int i = 0; i < 100; i++) {
            health.failed(A);
        }
        pass(1000);

        assertThat(health.mayTry(A)).isTrue();
    }

    @Test
    void forgetsAfterASuccess() {
        health.failed(A);
        pass(1000);
        health.failed(A);

        assertThat(health.reached(A)).isTrue();
        assertThat(health.mayTry(A)).isTrue();
        assertThat(health.reached(A)).isFalse();
        health.failed(A);
        pass(1000);
        assertThat(health.mayTry(A)).as("begins at one second again").isTrue();
    }

    @Test
    void beginsAnewAfterALongTime() {
        for (int i = 0; i < 6; i++) {
            health.failed(A);
            pass(40_000);
        }
        pass(61_000);
        health.failed(A);
        pass(1000);

        assertThat(health.mayTry(A)).isTrue();
    }

    @Test
    void saysOnceThatATargetIsGone() {
        assertThat(health.failed(A)).isTrue();
        assertThat(health.failed(A)).isFalse();
        pass(1000);
        assertThat(health.failed(A)).isFalse();
        health.reached(A);
        assertThat(health.failed(A)).isTrue();
    }

    @Test
    void countsWhatIsPutAside() {
        health.failed(A);
        health.failed(B);
        assertThat(health.pausedCount()).isEqualTo(2);

        health.reached(B);
        pass(1000);

        assertThat(health.pausedCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE - 10, -5, Long.MIN_VALUE})
    void doesNotMindAClockThatWraps(long start) {
        now.set(start);
        health.failed(A);

        assertThat(health.mayTry(A)).isFalse();
        pass(1000);
        assertThat(health.mayTry(A)).isTrue();
    }

    @Test
    void remembersABoundedNumberOfTargets() {
        for (int i = 0; i < 3000; i++) {
            health.failed(new Target("t" + i + ".test", 80, null));
        }
        assertThat(health.pausedCount()).isEqualTo(1024);

        pass(62_000);
        health.failed(A);

        assertThat(health.mayTry(A)).isFalse();
        assertThat(health.pausedCount()).isEqualTo(1);
    }

    @Test
    void keepsTheOrderOfTargetsThatWork() {
        assertThat(order(A, B, C)).containsExactly(A, B, C);
    }

    @Test
    void triesWhatIsPutAsideLast() {
        health.failed(A);
        health.failed(B);

        assertThat(order(A, B, C)).containsExactly(C, A, B);
    }

    @Test
    void triesAllWhenAllArePutAside() {
        health.failed(A);
        health.failed(B);

        assertThat(order(A, B)).containsExactly(A, B);
        assertThat(order(A)).containsExactly(A);
    }

    @Test
    void keepsTheRightToTryForWhoUsesIt() {
        health.failed(B);
        pass(1000);

        assertThat(new TargetOrder(List.of(A, B), health).current()).isEqualTo(A);
        assertThat(health.mayTry(B)).isTrue();
    }
}
