package dev.gatehouse.policies.introspect.binding;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** Registers whose threads a test decides about. */
public final class RegisterFixture {
    private RegisterFixture() {}

    /** A register that verifies at once, on the thread that asks, or as {@code workers} says. */
    public static ProofRegister on(Executor workers, InstantSource clock, LongSupplier ticker) {
        return new ProofRegister(workers, null, clock, ticker);
    }
}
