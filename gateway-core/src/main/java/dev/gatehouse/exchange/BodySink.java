package dev.gatehouse.exchange;

import io.netty.buffer.ByteBuf;

/** Where a transform writes. */
public interface BodySink {
    /** Takes {@code data}. */
    void write(ByteBuf data);
}
