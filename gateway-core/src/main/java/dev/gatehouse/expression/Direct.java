package dev.gatehouse.expression;

import dev.gatehouse.exchange.Exchange;
import org.jspecify.annotations.Nullable;

/** A compiled expression of the fast path: free of side effects, with exactly the result of JavaScript. */
@FunctionalInterface
interface Direct {
    /** A plain value: String, Boolean, Number, List, Map, null or undefined. */
    @Nullable
    Object value(Exchange exchange);
}
