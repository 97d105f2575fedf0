package dev.gatehouse.server.response;

import dev.gatehouse.exchange.ResponseHead.BodyEdit;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of a service's response that is held back, because it is edited as a whole. Bounded by the largest edit: a
 * larger body goes on as it is. Owns what it holds until it is given or closed. Event loop of the client.
 */
final class CollectedResponse {
    private static final int MOST_PIECES = 1024;

    private final List<BodyEdit> edits = new ArrayList<>(1);
    private final CompositeByteBuf held = Unpooled.compositeBuffer(MOST_PIECES);

    void add(BodyEdit edit) {
        edits.add(edit);
    }

    /** Takes {@code data}. False when the body has become too large for every edit: then it has to be given. */
    boolean hold(ByteBuf data) {
        held.addComponent(true, data);
        return edits.stream().anyMatch(edit -> held.readableBytes() <= edit.maxBytes());
    }

    /** Gives what is held, unchanged; every edit is told. */
    ByteBuf give() {
        edits.forEach(BodyEdit::pass);
        return held;
    }

    /**
     * Gives the whole body, edited, and corrects the length that {@code headers} say. When an edit throws, everything is
     * still held.
     */
    ByteBuf edited(HttpHeaders headers) {
        byte[] content = ByteBufUtil.getBytes(held);
        boolean changed = false;
        for (BodyEdit edit : edits) {
            if (content.length <= edit.maxBytes()) {
                byte @Nullable [] edited = edit.edit(content);
                changed |= edited != null;
                content = edited == null ? content : edited;
            } else {
                edit.pass();
            }
        }
        if (!changed) {
            return held;
        }
        held.release();
        headers.set(HttpHeaderNames.CONTENT_LENGTH, content.length);
        return Unpooled.wrappedBuffer(content);
    }

    /** Frees what is held. */
    void close() {
        held.release();
    }
}
