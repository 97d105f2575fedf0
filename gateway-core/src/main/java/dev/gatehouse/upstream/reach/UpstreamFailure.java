package dev.gatehouse.upstream.reach;

import dev.gatehouse.exchange.Refusal;

/**
 * Why a call ended without a complete response.
 *
 * @param fault what happened
 * @param nothingReceived whether not one byte of a response had arrived
 */
public record UpstreamFailure(UpstreamFault fault, boolean nothingReceived) {
    /** What the client is told when nothing was sent to it yet. */
    public Refusal refusal() {
        return fault.refusal();
    }

    /** The {@code cause} of metrics and logs. */
    public String cause() {
        return fault.tag();
    }
}
