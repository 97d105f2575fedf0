package dev.gatehouse.server.request;

import dev.gatehouse.exchange.Refusal;

/** The exchange that a request body belongs to, as the body sees it. Event loop of the connection. */
public interface BodyOwner {
    /** Whether the client still waits for a word before it sends its body. */
    boolean expectsContinue();

    /** Somebody wants the body: the client may send it. */
    void wantBody();

    /** The body cannot be taken: whatever runs ends. */
    void refuseBody(Refusal refusal);

    /** A transform of the body failed: nothing may pass that it has not seen. */
    void refuseTransformed(RuntimeException failure);
}
