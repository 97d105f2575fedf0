package dev.gatehouse.server.request;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Base64;
import java.util.List;

/** How a WebSocket handshake is told from other requests, checked and marked (RFC 6455 section 4.2). Stateless. */
public final class WebSocketHandshake {
    private static final int NONCE_BYTES = 16;
    private static final int MAX_VERSION = 255;

    private WebSocketHandshake() {}

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
    public static boolean isComplete(HttpHeaders headers) {
        List<String> keys = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        List<String> versions = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION);
        return keys.size() == 1 && isNonce(keys.get(0)) && versions.size() == 1 && isVersion(versions.get(0));
    }

    /** Writes the fields that concern this connection only and that were removed on arrival. */
    public static void mark(HttpHeaders headers) {
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        headers.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
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
