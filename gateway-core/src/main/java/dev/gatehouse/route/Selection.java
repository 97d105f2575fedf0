package dev.gatehouse.route;

import dev.gatehouse.exchange.Refusal;

/**
 * What the table says about a request.
 *
 * @param <P> the type of pipelines
 */
public sealed interface Selection<P> permits Route, Selection.NotFound, Selection.Allow, Selection.Refused {
    /** No apiEndpoint takes the request: 404. */
    record NotFound<P>() implements Selection<P> {}

    /**
     * The gateway answers OPTIONS itself, because the path is known for other methods only.
     *
     * @param methods value of the Allow field and body of the answer
     */
    record Allow<P>(String methods) implements Selection<P> {}

    /**
     * The request cannot be routed safely.
     *
     * @param refusal BAD_REQUEST or NO_ROUTE
     * @param reason why, in a few words for the log; never quotes the request
     */
    record Refused<P>(Refusal refusal, String reason) implements Selection<P> {}
}
