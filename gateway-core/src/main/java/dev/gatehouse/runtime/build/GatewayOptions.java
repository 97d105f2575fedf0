package dev.gatehouse.runtime.build;

import dev.gatehouse.config.bind.BindOptions;
import dev.gatehouse.transport.Transport;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What a gateway gets from whoever starts it.
 *
 * @param binding how unknown keys are treated
 * @param meters where meters are registered
 * @param clock wall clock
 * @param ticker monotonic nanoseconds
 * @param transport channel classes
 * @param loops number of event loops
 * @param environment environment variables that policies may ask for
 */
public record GatewayOptions(
        BindOptions binding,
        MeterRegistry meters,
        InstantSource clock,
        LongSupplier ticker,
        Transport transport,
        int loops,
        Map<String, String> environment) {
    public GatewayOptions {
        environment = Map.copyOf(environment);
    }

    /** Without environment variables. */
    public GatewayOptions(
            BindOptions binding,
            MeterRegistry meters,
            InstantSource clock,
            LongSupplier ticker,
            Transport transport,
            int loops) {
        this(binding, meters, clock, ticker, transport, loops, Map.of());
    }

    /** Without the variables, which may hold secrets. */
    @Override
    public String toString() {
        return "GatewayOptions[" + transport.name() + ", " + loops + " loops]";
    }
}
