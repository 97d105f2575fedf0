package dev.gatehouse.runtime;

import dev.gatehouse.config.bind.BindOptions;
import dev.gatehouse.transport.Transport;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
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
 */
public record GatewayOptions(
        BindOptions binding,
        MeterRegistry meters,
        InstantSource clock,
        LongSupplier ticker,
        Transport transport,
        int loops) {}
