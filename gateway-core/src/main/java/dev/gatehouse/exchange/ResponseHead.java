package dev.gatehouse.exchange;

import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** The response before its head is sent. */
public interface ResponseHead {
    /** Status and headers, editable. */
    HttpResponse message();

    /** False for the gateway's own replies. */
    boolean fromUpstream();

    void transformBody(BodyTransform transform);

    /**
     * Holds the head back until the whole body is there, and lets {@code edit} replace it; the length is set. Edits run
     * in the order in which they were added, before every transform. Only a service's response with a body is edited.
     */
    void editBody(BodyEdit edit);

    /** Rewrites a body as a whole. One object per exchange, on its event loop. */
    interface BodyEdit {
        /** Largest body that is edited, in bytes. */
        int maxBytes();

        /** The new content; null = as it was. Borrows {@code content}. An exception ends the exchange with 500. */
        byte @Nullable [] edit(byte[] content);

        /** The body is larger than {@link #maxBytes} and goes on as it is. */
        void pass();
    }

    /** Discards the upstream's answer and sends {@code reply} instead. */
    void replaceWith(Reply reply);
}
