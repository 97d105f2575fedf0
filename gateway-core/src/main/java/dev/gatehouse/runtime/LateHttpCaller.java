package dev.gatehouse.runtime;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.client.Target;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Lets policies be built before there are event loops: {@code validate} never has any. What is asked for before, such
 * as by a timer of a policy while a slow machine is still starting, waits for the start.
 */
final class LateHttpCaller implements HttpCaller {
    // Written once by the control thread before the first listener is bound, read by every loop.
    private volatile @Nullable HttpCaller caller;

    private final CompletableFuture<HttpCaller> started = new CompletableFuture<>();

    void set(HttpCaller real) {
        caller = real;
        started.complete(real);
    }

    @Override
    public CompletionStage<CallResult> call(HttpCall call) {
        @Nullable HttpCaller real = caller;
        return real == null ? started.thenCompose(later -> later.call(call)) : real.call(call);
    }

    @Override
    public CompletionStage<Boolean> reaches(Target target, Duration timeout) {
        @Nullable HttpCaller real = caller;
        return real == null
                ? started.thenCompose(later -> later.reaches(target, timeout))
                : real.reaches(target, timeout);
    }
}
