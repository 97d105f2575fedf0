package dev.gatehouse.server;

import dev.gatehouse.tunnel.Tunnel;
import dev.gatehouse.upstream.UpgradedConnection;
import java.util.function.Consumer;

/** How a client connection becomes a WebSocket, once both sides agreed (RFC 9110 section 7.8). Stateless. */
final class WebSocketUpgrade {
    private WebSocketUpgrade() {}

    /** Joins both connections behind the 101 that is written already. {@code ended} runs when both are closed. */
    static void join(HttpConnection client, UpgradedConnection service, Served served, Consumer<Tunnel> ended) {
        Tunnel tunnel = new Tunnel(
                client.channel(),
                service.channel(),
                served.limits().webSocketIdleTimeoutMs(),
                client.loop().ticker(),
                ended);
        // What the decoders have read too much flows as they go: by then no encoder may be left on either side.
        client.leaveTo(tunnel.clientEnd());
        service.handOver(tunnel.serviceEnd());
        client.giveRest();
        if (client.isInputOver()) {
            tunnel.clientStoppedSending();
        }
        tunnel.open();
    }
}
