package dev.gatehouse.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.admin.Call;
import dev.gatehouse.admin.LocalServer;
import dev.gatehouse.admin.Router;
import dev.gatehouse.cli.run.Json;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The demo's backend: orders, an echo, and a stream of events. Runs on the loop of its listener. */
final class Backend implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MAX_EVENTS = 600;

    private final LocalServer server;
    private final AtomicInteger requests;

    private Backend(LocalServer server, AtomicInteger requests) {
        this.server = server;
        this.requests = requests;
    }

    /** Opens it on {@code port}, or on a free one when that is taken. */
    static Backend open(Ports ports, int port) {
        Router router = new Router()
                .on(HttpMethod.GET, "/orders", Backend::orders)
                .on(HttpMethod.POST, "/orders", Backend::create)
                .on(HttpMethod.GET, "/orders/events", Backend::events)
                .on(HttpMethod.GET, "/moved", Backend::moved);
        AtomicInteger requests = new AtomicInteger();
        LocalServer server = ports.open(port, call -> {
            requests.incrementAndGet();
            if (call.path().equals("/echo") || call.path().startsWith("/echo/")) {
                echo(call);
            } else {
                router.answer(call);
            }
        });
        return new Backend(server, requests);
    }

    /** Requests since the start. */
    int requests() {
        return requests.get();
    }

    int port() {
        return server.address().getPort();
    }

    String url() {
        return "http://localhost:" + port();
    }

    @Override
    public void close() {
        server.close();
    }

    private static void orders(Call call) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("user", call.header("x-user-id"));
        answer.put("orders", List.of(Map.of("id", 7, "item", "umbrella"), Map.of("id", 8, "item", "rubber boots")));
        json(call, 200, answer);
    }

    private static void create(Call call) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("user", call.header("x-user-id"));
        answer.put("created", true);
        json(call, 201, answer);
    }

    private static void echo(Call call) {
        Map<String, String> headers = new LinkedHashMap<>();
        call.headers().forEach(header -> headers.put(header.getKey(), header.getValue()));
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("method", call.method().name());
        answer.put("target", call.target());
        answer.put("headers", headers);
        answer.put("body", new String(call.body(), UTF_8));
        json(call, 200, answer);
    }

    private static void moved(Call call) {
        call.redirect("/orders");
    }

    private static void events(Call call) {
        sendEvent(call, call.stream(200, "text/event-stream"), 1);
    }

    private static void sendEvent(Call call, Call.Stream stream, int number) {
        if (!stream.isOpen()) {
            return;
        }
        if (number > MAX_EVENTS) {
            stream.end();
            return;
        }
        stream.write("id: " + number + "\nevent: order\ndata: {\"id\":" + number + "}\n\n");
        call.after(PAUSE, () -> sendEvent(call, stream, number + 1));
    }

    private static void json(Call call, int status, Map<String, @Nullable Object> body) {
        call.reply(status, Call.JSON, Json.bytes(body));
    }
}
