package dev.gatehouse.exchange;

import io.netty.handler.codec.http.HttpResponse;

/** The response before its head is sent. */
public interface ResponseHead {
    /** Status and headers, editable. */
    HttpResponse message();

    /** False for the gateway's own replies. */
    boolean fromUpstream();

    void transformBody(BodyTransform transform);

    /** Discards the upstream's answer and sends {@code reply} instead. */
    void replaceWith(Reply reply);
}
