package dev.gatehouse.server.request;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;

/**
 * A request as it was received, whatever policies make of it.
 *
 * @param method the method of its request line
 * @param target the target of its request line
 * @param startNanos when its head was complete, in ticks of the server
 * @param framing where it ends, or why nobody can tell
 * @param asksForWebSocket whether the client wants to leave HTTP for WebSocket
 */
public record ReceivedRequest(
        HttpMethod method, String target, long startNanos, RequestFraming framing, boolean asksForWebSocket) {
    /** Reads a head before anything is taken from it. */
    public static ReceivedRequest of(HttpRequest request, long startNanos, int maxHeaderCount) {
        return new ReceivedRequest(
                request.method(),
                request.uri(),
                startNanos,
                RequestFraming.of(request, maxHeaderCount),
                WebSocketHandshake.isAskedBy(request));
    }

    /** Whether the head could not be understood, so that nobody knows where the request ends. */
    public boolean isUnreadable() {
        return framing.refusal() != null;
    }
}
