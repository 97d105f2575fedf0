package dev.gatehouse.exchange;

import io.netty.buffer.ByteBuf;

/** Rewrites a streamed body. One object per exchange, on its event loop. */
public interface BodyTransform {
    /** Borrows {@code chunk}: read it, neither release nor keep it. */
    void onData(ByteBuf chunk, BodySink out);

    /** Writes what is left. */
    default void onEnd(BodySink out) {}

    /** Frees what was kept. No more calls follow. */
    default void onAbort() {}
}
