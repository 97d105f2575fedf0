package dev.gatehouse.runtime;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.client.Target;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Lets policies be built before there are event loops: {@code validate} never has any. */
final class LateHttpCaller implements HttpCaller {
    // Written once by the control thread before the first listener is bound, read by every loop.
    private volatile @Nullable HttpCaller caller;

    void set(HttpCaller real) {
        caller = real;
    }

    @Override
    public CompletionStage<CallResult> call(HttpCall call) {
        return requireNonNull(caller, "the gateway is not started").call(call);
    }

    @Override
    public CompletionStage<Boolean> reaches(Target target, Duration timeout) {
        return requireNonNull(caller, "the gateway is not started").reaches(target, timeout);
    }
}
