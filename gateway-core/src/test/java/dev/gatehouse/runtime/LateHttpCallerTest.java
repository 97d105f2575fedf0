package dev.gatehouse.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.client.Target;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class LateHttpCallerTest {
    private static final Target TARGET = new Target("login.example.com", 80, null);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final CallResult REFUSED = new CallResult.Failed(CallResult.Cause.OVERLOAD, true);

    private final List<String> calls = new ArrayList<>();
    private final LateHttpCaller http = new LateHttpCaller();

    private final HttpCaller real = new HttpCaller() {
        @Override
        public CompletionStage<CallResult> call(HttpCall call) {
            calls.add(call.requestTarget());
            return CompletableFuture.completedFuture(REFUSED);
        }

        @Override
        public CompletionStage<Boolean> reaches(Target target, Duration timeout) {
            calls.add(target.host());
            return CompletableFuture.completedFuture(true);
        }
    };

    private static HttpCall call(String path) {
        return new HttpCall(
                TARGET, HttpMethod.GET, path, new DefaultHttpHeaders(), new byte[0], 1024, SECOND, SECOND, SECOND);
    }

    @Test
    void makesEarlyCallsOnceTheGatewayIsStarted() {
        CompletableFuture<CallResult> early = http.call(call("/early")).toCompletableFuture();
        CompletableFuture<Boolean> reached = http.reaches(TARGET, SECOND).toCompletableFuture();
        assertThat(early).isNotDone();
        assertThat(reached).isNotDone();

        http.set(real);

        assertThat(early).isCompletedWithValue(REFUSED);
        assertThat(reached).isCompletedWithValue(true);
        assertThat(calls).containsExactlyInAnyOrder("/early", "login.example.com");
    }

    @Test
    void passesLaterCallsOnAtOnce() {
        http.set(real);

        assertThat(http.call(call("/later")).toCompletableFuture()).isCompletedWithValue(REFUSED);
        assertThat(calls).containsExactly("/later");
    }
}
