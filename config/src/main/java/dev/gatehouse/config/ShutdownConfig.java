package dev.gatehouse.config;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Unit;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** How a stop goes on. */
public record ShutdownConfig(
        @Doc("Time in which connections are still accepted after the signal.") @Default("0") @Unit(ChronoUnit.SECONDS)
        Duration delay,

        @Doc("Time in which requests in flight may finish.") @Default("25") @Unit(ChronoUnit.SECONDS)
        Duration timeout) {
    public ShutdownConfig {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay: " + delay.toSeconds() + " s (expected: zero or more)");
        }
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout: " + timeout.toSeconds() + " s (expected: zero or more)");
        }
    }
}
