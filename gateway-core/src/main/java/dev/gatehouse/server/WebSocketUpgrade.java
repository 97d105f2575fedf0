package dev.gatehouse.server;

import dev.gatehouse.tunnel.Tunnel;
import dev.gatehouse.upstream.UpgradedConnection;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

/** How a client connection becomes a WebSocket (RFC 6455 section 4.2, RFC 9110 section 7.8). Stateless. */
final class WebSocketUpgrade {
    private static final int NONCE_BYTES = 16;
    private static final int MAX_VERSION = 255;

    private WebSocketUpgrade() {}

    /** Whether a request, as received, asks for WebSocket and for nothing else. */
    static boolean isAskedBy(HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (!headers.contains(HttpHeaderNames.UPGRADE)) {
            return false;
        }
        List<String> protocols = headers.getAll(HttpHeaderNames.UPGRADE);
        return request.decoderResult().isSuccess()
                && request.method().equals(HttpMethod.GET)
                && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && protocols.size() == 1
                && HttpHeaderValues.WEBSOCKET.contentEqualsIgnoreCase(protocols.get(0))
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
    }

    /** Whether a handshake has the two fields without which it means nothing. */
    static boolean isComplete(HttpHeaders headers) {
        List<String> keys = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        List<String> versions = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION);
        return keys.size() == 1 && isNonce(keys.get(0)) && versions.size() == 1 && isVersion(versions.get(0));
    }

    /** Writes the fields that concern this connection only and that were removed on arrival. */
    static void mark(HttpHeaders headers) {
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        headers.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
    }

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

    private static boolean isNonce(String key) {
        try {
            return Base64.getDecoder().decode(key).length == NONCE_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isVersion(String version) {
        return !version.isEmpty()
                && version.length() <= 3
                && version.chars().allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(version) <= MAX_VERSION;
    }
}
