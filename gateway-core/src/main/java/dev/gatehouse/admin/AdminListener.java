package dev.gatehouse.admin;

import dev.gatehouse.transport.Transport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The admin API's listener. Whoever reaches it may change the gateway, so it binds to loopback only and guards against
 * the one thing that reaches a loopback port from outside: a web page in the operator's browser.
 *
 * <p>The Host field must name the listener (DNS rebinding), a browser's change needs the header {@code
 * X-Gateway-Admin}, which a foreign page cannot send without permission, and permission is never given. Refusals are
 * counted and answered late.
 */
public final class AdminListener implements Resource {
    /** Header that a browser has to send with every change. */
    public static final String CONSENT = "x-gateway-admin";

    private static final Duration REFUSAL_DELAY = Duration.ofMillis(250);
    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final String name;
    private final Resource resources;
    private final Counter refused;

    private AdminListener(String name, Resource resources, MeterRegistry meters) {
        this.name = name.toLowerCase(Locale.ROOT);
        this.resources = resources;
        this.refused = Counter.builder("gateway.admin.refused")
                .description("Calls that the admin listener refused before looking at their path")
                .register(meters);
    }

    /**
     * Opens the listener; see {@link LocalServer#open}.
     *
     * @param address resolved; fails with {@link IllegalArgumentException} when it is not loopback
     * @param name the configured host, accepted in the Host field beside the loopback names
     */
    public static CompletionStage<LocalServer> open(
            Transport transport, InetSocketAddress address, String name, Resource resources, MeterRegistry meters) {
        if (address.isUnresolved() || !address.getAddress().isLoopbackAddress()) {
            return CompletableFuture.failedFuture(new IllegalArgumentException(
                    "the admin listener binds to loopback only; '" + name + "' is not a loopback address"));
        }
        return LocalServer.open(transport, address, new AdminListener(name, resources, meters));
    }

    /** Passes a call on that cannot come from a foreign web page. */
    @Override
    public void answer(Call call) {
        if (!isOurs(call.header(HttpHeaderNames.HOST))) {
            refuse(call, 421, "Misdirected Request");
        } else if (!SAFE.contains(call.method()) && fromBrowser(call) && call.header(CONSENT) == null) {
            refuse(call, 403, "Forbidden");
        } else {
            resources.answer(call);
        }
    }

    private boolean isOurs(@Nullable String host) {
        if (host == null) {
            return false;
        }
        int port = host.lastIndexOf(':');
        String bare = port > host.lastIndexOf(']') ? host.substring(0, port) : host;
        String lower = bare.toLowerCase(Locale.ROOT);
        return LOOPBACK_NAMES.contains(lower) || lower.equals(name);
    }

    private static boolean fromBrowser(Call call) {
        return call.header(HttpHeaderNames.ORIGIN) != null
                || call.header("sec-fetch-site") != null
                || call.header(HttpHeaderNames.REFERER) != null;
    }

    private void refuse(Call call, int status, String title) {
        refused.increment();
        call.after(REFUSAL_DELAY, () -> call.refuse(status, title));
    }
}
