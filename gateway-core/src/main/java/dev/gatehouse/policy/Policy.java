package dev.gatehouse.policy;

import dev.gatehouse.exchange.Exchange;

/** One decision about one request. */
@FunctionalInterface
public interface Policy {
    /** Decides what happens to a request. Called on the exchange's event loop; must not block. */
    Verdict apply(Exchange exchange);
}
