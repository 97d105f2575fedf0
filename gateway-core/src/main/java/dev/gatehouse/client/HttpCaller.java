package dev.gatehouse.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
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

    /**
     * Finds out whether a target accepts connections: opens one and closes it, nothing is sent. A target behind a proxy
     * counts as out of reach, because only a request would tell.
     *
     * @return completes normally, on some event loop, about {@code timeout} after the name is known at the latest
     */
    default CompletionStage<Boolean> reaches(Target target, Duration timeout) {
        return CompletableFuture.completedFuture(false);
    }
}
