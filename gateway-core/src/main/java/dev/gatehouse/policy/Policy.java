package dev.gatehouse.policy;

import dev.gatehouse.exchange.Exchange;

/** One decision about one request. */
@FunctionalInterface
public interface Policy {
    /** Decides what happens to a request. Called on the exchange's event loop; must not block. */
    Verdict apply(Exchange exchange);

    /**
     * Whether it answers preflights of browsers. Such a policy also sees the preflight for a method that an apiEndpoint
     * serves where the apiEndpoint does not list OPTIONS; the other policies of the pipeline do not.
     */
    default boolean answersPreflights() {
        return false;
    }
}
