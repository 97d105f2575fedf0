package dev.gatehouse.server;

import dev.gatehouse.exchange.ForwardPlan;
import dev.gatehouse.exchange.RedirectRules;
import dev.gatehouse.exchange.Refusal;
import dev.gatehouse.redirect.RedirectingCall;
import dev.gatehouse.server.request.WebSocketHandshake;
import dev.gatehouse.upstream.UpstreamCall;
import dev.gatehouse.upstream.UpstreamClient;
import dev.gatehouse.upstream.wire.BodyFraming;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** Starts what a plan asks for: a plain call, one that follows redirects, or a WebSocket handshake. */
final class Forwarding {
    private final HttpExchange exchange;
    private final UpstreamClient upstream;
    private final ResponseRelay relay;

    Forwarding(HttpExchange exchange, UpstreamClient upstream, ResponseRelay relay) {
        this.exchange = exchange;
        this.upstream = upstream;
        this.relay = relay;
    }

    /** Null when the request was refused. */
    @Nullable
    UpstreamCall start(ForwardPlan plan) {
        HttpRequest request = exchange.request();
        BodyFraming framing = exchange.body().outgoingFraming();
        if (plan.upgradable()) {
            return exchange.received().asksForWebSocket() && request.method().equals(HttpMethod.GET)
                    ? handshake(request, framing, plan)
                    : start(plan.withoutUpgrade());
        }
        RedirectRules redirects = plan.redirects();
        return redirects == null
                ? upstream.start(request, framing, plan, relay)
                : RedirectingCall.start(
                        upstream, request, framing, plan, redirects, exchange.ownedHeaders()::strip, relay);
    }

    /** A redirect of a handshake goes to the client, as WebSocket clients expect it. */
    private @Nullable UpstreamCall handshake(HttpRequest request, BodyFraming framing, ForwardPlan plan) {
        if (!(framing instanceof BodyFraming.None) || !WebSocketHandshake.isComplete(request.headers())) {
            relay.fail(Refusal.BAD_REQUEST);
            return null;
        }
        WebSocketHandshake.mark(request.headers());
        return upstream.start(request, framing, plan, relay);
    }
}
