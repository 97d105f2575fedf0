package dev.gatehouse.client;

import java.util.concurrent.CompletionStage;

/** Makes small calls to other servers without blocking. Safe on any thread. */
public interface HttpCaller {
    /**
     * Sends one request over a pooled connection. A pooled connection that turns out to be closed before any byte of a
     * response arrived is replaced once by a fresh one, unseen by the caller; nothing else is retried.
     *
     * @return completes normally with an {@link CallResult}, never exceptionally, on some event loop, within
     *     {@link HttpCall#totalTimeout()}
     */
    CompletionStage<CallResult> call(HttpCall call);
}
