package dev.gatehouse.exchange;

/** Runs once when an exchange is over, whatever happened. */
@FunctionalInterface
public interface CompletionHook {
    /**
     * Called on the exchange's event loop; must not block.
     *
     * @param status status sent to the client; 499 when it left before
     */
    void onComplete(int status);
}
