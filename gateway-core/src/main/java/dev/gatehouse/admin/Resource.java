package dev.gatehouse.admin;

/** Answers requests of the gateway's own listeners. */
@FunctionalInterface
public interface Resource {
    /**
     * Answers one request, now or later; every path must end in an answer. Called on the listener's event loop; must
     * not block. An exception becomes 500.
     */
    void answer(Call call);
}
