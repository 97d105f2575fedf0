package dev.gatehouse.upstream;

import dev.gatehouse.upstream.reach.UpstreamFailure;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;

/**
 * What happens to a call. On the event loop of the client, never inside {@link UpstreamClient#start}. Exactly one of
 * {@link #onEnd}, {@link #onUpgrade} and {@link #onFailure} ends it, unless it is cancelled.
 */
public interface UpstreamListener {
    /** The head is written; send the body now. Called once; nothing more is needed when there is no body. */
    void onReady();

    /** Not one byte of an answer came, and the request is sent once more. */
    default void onRepeat() {}

    /** An interim answer (100, 102, 103, ...), at most ten. */
    void onInterim(HttpResponse response);

    /**
     * The response head, checked, without hop-by-hop fields. {@code content-length} is there when the body is framed by
     * length, and as received for HEAD and 304. When the status is 300 or more and the request is not complete, the rest
     * of the request is dropped: the service has decided.
     */
    void onHead(HttpResponse response);

    /**
     * The service switched to WebSocket: 101 to a plan that is upgradable, its fields checked and without hop-by-hop
     * fields. The call is over. Gives {@code service}, which has to be handed over or closed at once.
     */
    default void onUpgrade(HttpResponse response, UpgradedConnection service) {
        service.close();
    }

    /** A piece of the response body. Gives {@code data}. */
    void onData(ByteBuf data);

    /** A burst of pieces is over: flush downstream, and call {@link UpstreamCall#read} when more is wanted. */
    void onReadComplete();

    /** The response is complete and the call over; implies the end of a burst. */
    void onEnd(HttpHeaders trailers);

    /** The service accepts more of the request body. */
    void onWritable();

    /** The call is over without a complete response. After {@link #onHead} the client must see that it is cut off. */
    void onFailure(UpstreamFailure failure);
}
