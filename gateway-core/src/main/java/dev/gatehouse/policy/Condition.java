package dev.gatehouse.policy;

import dev.gatehouse.exchange.Exchange;

/** Decides whether a step runs. Shared, pure, cheap. */
@FunctionalInterface
public interface Condition {
    /** Called on the exchange's event loop when its step is reached; must not block. An exception ends in 500. */
    boolean test(Exchange exchange);
}
