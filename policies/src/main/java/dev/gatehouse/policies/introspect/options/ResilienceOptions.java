package dev.gatehouse.policies.introspect.options;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Unit;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** What the authorization server has to bear, and for how long a request waits for it. */
public record ResilienceOptions(
        @Doc("Time for TCP and TLS; never more than timeout.") @Default("2") @Unit(ChronoUnit.SECONDS)
        Duration connectTimeout,

        @Doc("Time for queueing, all attempts and the whole answer; absent = timeout.")
        @Unit(ChronoUnit.SECONDS)
        @Nullable
        Duration totalTimeout,

        @Doc("Repetitions of a call that cannot have had an effect.") @Default("{}")
        Retries retries,

        @Doc("Stops asking a server that fails.") @Default("{}")
        Breaker circuitBreaker,

        @Doc("Most calls at the same time.") @Default("64") int maxConcurrent,

        @Doc("Most calls that wait for their turn.") @Default("1000")
        int maxQueue,

        @Doc("Longest wait for a turn.") @Default("1") @Unit(ChronoUnit.SECONDS)
        Duration queueTimeout) {
    public ResilienceOptions {
        Ranges.positive("maxConcurrent", maxConcurrent);
        if (maxQueue < 0) {
            throw new IllegalArgumentException("maxQueue: " + maxQueue + " (expected: zero or more)");
        }
    }

    /** See {@link ResilienceOptions#retries}. */
    public record Retries(
            @Doc("Most repetitions of one call.") @Default("1")
            int max,

            @Doc(
                    "Repetitions for each call within ten seconds, over all calls, 0 to 1; one in a second is always free.")
            @Default("0.2")
            double budget) {
        public Retries {
            if (!(budget >= 0 && budget <= 1)) {
                throw new IllegalArgumentException("budget: " + budget + " (expected: 0 to 1)");
            }
            if (max < 0 || max > 3) {
                throw new IllegalArgumentException("max: " + max + " (expected: 0 to 3)");
            }
        }
    }

    /** See {@link ResilienceOptions#circuitBreaker}. */
    public record Breaker(
            @Doc("Whether there is a breaker.") @Default("true")
            boolean enabled,

            @Doc("Time over which calls are counted.") @Default("10") @Unit(ChronoUnit.SECONDS)
            Duration window,

            @Doc("Calls in the window below which the breaker stays closed.") @Default("20")
            int minimumCalls,

            @Doc("Share of failures above which it opens, 0 to 1.") @Default("0.5")
            double failureRatio,

            @Doc("How long it stays open at first.") @Default("5") @Unit(ChronoUnit.SECONDS)
            Duration openFor,

            @Doc("How long it stays open at most; the time doubles with each failed probe.")
            @Default("30")
            @Unit(ChronoUnit.SECONDS)
            Duration maxOpenFor,

            @Doc("Calls that must succeed before it closes.") @Default("3")
            int probes) {
        public Breaker {
            Ranges.positive("minimumCalls", minimumCalls);
            if (!(failureRatio > 0 && failureRatio <= 1)) {
                throw new IllegalArgumentException(
                        "failureRatio: " + failureRatio + " (expected: more than 0 and at most 1)");
            }
            Ranges.positive("probes", probes);
        }
    }
}
