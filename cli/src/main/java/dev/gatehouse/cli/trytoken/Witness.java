package dev.gatehouse.cli.trytoken;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.HttpCaller;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Passes calls on and remembers how they ended. Safe on any thread. */
final class Witness implements HttpCaller {
    /** A call that ended. */
    record Seen(HttpCall call, CallResult result, Duration time) {}

    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    // Written once, before the first call.
    private volatile @Nullable HttpCaller caller;

    /** Stands before {@code real} from now on. */
    HttpCaller over(HttpCaller real) {
        caller = real;
        return this;
    }

    @Override
    public CompletionStage<CallResult> call(HttpCall call) {
        long begin = System.nanoTime();
        return Objects.requireNonNull(caller, "nobody to watch").call(call).thenApply(result -> {
            seen.add(new Seen(call, result, Duration.ofNanos(System.nanoTime() - begin)));
            return result;
        });
    }

    /** The last call about a token: the one that carried it. Null = there was none, or it has not ended. */
    @Nullable
    Seen about(String token) {
        String parameter = "=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
        Seen last = null;
        for (Seen each : seen) {
            String body = "&" + new String(each.call().body(), StandardCharsets.US_ASCII) + "&";
            if (body.contains(parameter + "&")) {
                last = each;
            }
        }
        return last;
    }

    /** Forgets what was seen. */
    void forget() {
        seen.clear();
    }
}
