package dev.gatehouse.policies.introspect.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.policies.introspect.binding.UsedProofs.Use;
import dev.gatehouse.policies.introspect.server.TimeFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** RFC 9449 section 11.1. */
class UsedProofsTest {
    private static final long NOW = TimeFixture.START_SECONDS;
    private static final int THREADS = 4;
    private static final int PROOFS = 500;

    private final TimeFixture time = new TimeFixture();
    private final UsedProofs used = new UsedProofs(time);

    UsedProofsTest() {
        used.retain(1000, Duration.ofSeconds(60));
    }

    @Test
    void refusesTheSecondUse() {
        assertThat(used.use("key", "a", NOW)).isEqualTo(Use.FIRST);
        assertThat(used.use("key", "a", NOW)).isEqualTo(Use.REPEATED);
        assertThat(used.use("key", "a", NOW - 1)).isEqualTo(Use.REPEATED);
        assertThat(used.use("other", "a", NOW)).isEqualTo(Use.FIRST);
        assertThat(used.use("key", "b", NOW)).isEqualTo(Use.FIRST);
    }

    @Test
    void remembersAsLongAsAProofCounts() {
        used.use("key", "new", NOW + 5);
        used.use("key", "old", NOW - 60);

        time.passes(Duration.ofSeconds(65));

        assertThat(used.use("key", "new", NOW + 5)).isEqualTo(Use.REPEATED);
        assertThat(used.size()).as("the old one is forgotten").isEqualTo(1);
    }

    @Test
    void forgetsWhatNoLongerCounts() {
        for (int i = 0; i < 1000; i++) {
            used.use("key", "proof " + i, NOW + i % 5);
        }
        assertThat(used.use("key", "one more", NOW)).isEqualTo(Use.FULL);

        time.passes(Duration.ofSeconds(67));

        assertThat(used.use("key", "one more", NOW + 67)).isEqualTo(Use.FIRST);
        assertThat(used.size()).isEqualTo(1);
    }

    @Test
    void refusesRatherThanForgetsWhenFull() {
        UsedProofs small = new UsedProofs(time);
        small.retain(2, Duration.ofSeconds(60));

        assertThat(small.use("key", "a", NOW)).isEqualTo(Use.FIRST);
        assertThat(small.use("key", "b", NOW)).isEqualTo(Use.FIRST);
        assertThat(small.use("key", "c", NOW)).isEqualTo(Use.FULL);
        assertThat(small.use("key", "a", NOW)).isEqualTo(Use.REPEATED);
        small.retain(3, Duration.ofSeconds(1));
        assertThat(small.use("key", "c", NOW)).isEqualTo(Use.FIRST);
    }

    @Test
    void refusesWhatItForgotWhenTheClockIsSetBack() {
        used.use("key", "a", NOW);
        time.wallClockJumps(Duration.ofHours(1));
        used.use("key", "b", NOW + 3600);

        time.wallClockJumps(Duration.ofHours(-1));

        assertThat(used.use("key", "a", NOW)).isEqualTo(Use.REPEATED);
    }

    @Test
    void refusesWhatItForgotWhenALongerAgeIsConfigured() {
        used.use("key", "a", NOW);
        time.passes(Duration.ofSeconds(70));
        used.use("key", "b", NOW + 70);

        used.retain(1000, Duration.ofMinutes(10));

        assertThat(used.use("key", "a", NOW)).isEqualTo(Use.REPEATED);
        assertThat(used.use("key", "c", NOW + 1)).isEqualTo(Use.FIRST);
    }

    /** Every proof is used by all threads at the same moment, as often as there are proofs. */
    @RepeatedTest(5)
    void acceptsExactlyOneOfManyAtOnce() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        CyclicBarrier start = new CyclicBarrier(THREADS);
        try {
            List<Future<Integer>> accepted = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                accepted.add(pool.submit(() -> {
                    start.await();
                    int first = 0;
                    for (int proof = 0; proof < PROOFS; proof++) {
                        first += used.use("key", "proof " + proof, NOW) == Use.FIRST ? 1 : 0;
                    }
                    return first;
                }));
            }
            int sum = 0;
            for (Future<Integer> future : accepted) {
                sum += future.get();
            }
            assertThat(sum).isEqualTo(PROOFS);
        } finally {
            pool.shutdownNow();
        }
    }
}
