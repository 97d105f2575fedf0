package dev.gatehouse.admin;

import dev.gatehouse.transport.Transport;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Health, readiness and metrics for the platform: read-only, nothing private.
 *
 * <p>{@code GET /health} is 200 while the event loops turn, {@code GET /ready} while traffic is wanted, {@code GET
 * /metrics} is the text for Prometheus, in OpenMetrics form when the Accept header names it.
 */
public final class OpsListener {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private OpsListener() {}

    /**
     * Opens the listener; see {@link LocalServer#open}.
     *
     * @param health whether the gateway lives; completes within a bounded time, on any thread
     * @param readiness asked for each request
     * @param scrape the metrics in the form of the media type that it is given
     */
    public static CompletionStage<LocalServer> open(
            Transport transport,
            InetSocketAddress address,
            Supplier<CompletionStage<Boolean>> health,
            Supplier<Readiness> readiness,
            Function<String, String> scrape) {
        Resource alive = call -> health.get().thenAccept(turning -> answerHealth(call, turning));
        Resource ready = call -> answerReady(call, readiness.get());
        Router router = new Router()
                .on(HttpMethod.GET, "/health", alive)
                .on(HttpMethod.GET, "/-/healthy", alive)
                .on(HttpMethod.GET, "/ready", ready)
                .on(HttpMethod.GET, "/-/ready", ready)
                .on(HttpMethod.GET, "/metrics", call -> answerMetrics(call, scrape));
        return LocalServer.open(transport, address, router);
    }

    private static void answerHealth(Call call, boolean turning) {
        call.reply(turning ? 200 : 503, TEXT, turning ? "healthy\n" : "an event loop does not turn\n");
    }

    private static void answerReady(Call call, Readiness readiness) {
        StringBuilder body = new StringBuilder(readiness.state()).append('\n');
        readiness.details().forEach(line -> body.append(line).append('\n'));
        call.reply(readiness.ready() ? 200 : 503, TEXT, body.toString());
    }

    private static void answerMetrics(Call call, Function<String, String> scrape) {
        String accept = call.header(HttpHeaderNames.ACCEPT);
        String type = accept != null && accept.contains("application/openmetrics-text") ? OPEN_METRICS : PROMETHEUS;
        call.reply(200, type, scrape.apply(type));
    }
}
