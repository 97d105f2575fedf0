package dev.gatehouse.policies.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HitCountersTest {
    private static final int MOST = 1_000;

    private final LimitFixture step = new LimitFixture();

    private HitCounters counters(long windowMillis) {
        return HitCounters.of(new HitCounters.Shared("test", windowMillis, MOST), step);
    }

    @Test
    void forgetsSingleHitsOfAFloodAndKeepsTheCountOfABusyClient() {
        HitCounters counters = counters(60_000);
        for (int i = 0; i < 100; i++) {
            counters.window("busy").hit();
        }

        for (int i = 0; i < 20 * MOST; i++) {
            counters.window("invented-" + i).hit();
            if (i % 20 == 0) {
                counters.window("busy").hit();
            }
        }

        assertThat(counters.window("busy").hit()).isEqualTo(100 + MOST + 1);
        await().untilAsserted(() -> assertThat(step.counted("gateway.rate_limit.forgotten", "pipeline", "main"))
                .isGreaterThanOrEqualTo(18 * MOST));
    }

    @Test
    void roundsTheEndOfAWindowUp() {
        HitCounters counters = counters(1_000);

        assertThat(counters.window("a").resetSeconds()).isEqualTo(LimitFixture.EPOCH_SECONDS + 1);
        step.passes(Duration.ofMillis(1));
        assertThat(counters.window("b").resetSeconds()).isEqualTo(LimitFixture.EPOCH_SECONDS + 2);
        step.passes(Duration.ofMillis(999));
        assertThat(counters.window("c").resetSeconds()).isEqualTo(LimitFixture.EPOCH_SECONDS + 2);
    }

    @Test
    void takesAHitBack() {
        Window window = counters(60_000).window("a");
        window.hit();

        window.giveBack();

        assertThat(window.hit()).isEqualTo(1);
    }
}
