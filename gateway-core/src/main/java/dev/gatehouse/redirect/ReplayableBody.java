package dev.gatehouse.redirect;

import dev.gatehouse.upstream.UpstreamCall;
import dev.gatehouse.upstream.wire.BodyFraming;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy of a request body for as long as it is small, so that a redirect can repeat it. Event loop of its call; owns
 * what it keeps until {@link #forget}.
 */
final class ReplayableBody {
    /** The same bound as for repeated requests: a body beyond it is streamed and gone. */
    static final int MAX_BYTES = 64 * 1024;

    private final BodyFraming declared;
    private final boolean none;
    private final List<ByteBuf> pieces = new ArrayList<>(2);
    private int bytes;
    private boolean lost;
    private boolean ended;

    ReplayableBody(BodyFraming framing) {
        declared = framing;
        none = framing instanceof BodyFraming.None;
        ended = none;
        lost = framing instanceof BodyFraming.Length length && length.bytes() > MAX_BYTES;
    }

    /** Keeps a piece if it fits. Borrows {@code data}. */
    void add(ByteBuf data) {
        if (lost || !data.isReadable()) {
            return;
        }
        if (bytes + data.readableBytes() > MAX_BYTES) {
            forget();
        } else {
            bytes += data.readableBytes();
            pieces.add(data.retainedDuplicate());
        }
    }

    void end() {
        ended = true;
    }

    boolean isEnded() {
        return ended;
    }

    /** Whether something of it is not here and never will be. */
    boolean isLost() {
        return lost;
    }

    /** As declared, and by its length once the whole of it is known. */
    BodyFraming framing() {
        return none || !ended ? declared : BodyFraming.length(bytes);
    }

    /** Sends the whole body and ends it. */
    void writeTo(UpstreamCall call) {
        for (ByteBuf piece : pieces) {
            call.write(piece.retainedDuplicate());
        }
        if (!none) {
            call.end();
        }
    }

    /** Frees the copy. */
    void forget() {
        lost = !none;
        pieces.forEach(ByteBuf::release);
        pieces.clear();
    }
}
