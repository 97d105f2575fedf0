package dev.gatehouse.body;

import dev.gatehouse.exchange.BodySink;
import dev.gatehouse.exchange.BodyTransform;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transforms of one body, each feeding the next. Event loop of the exchange. */
public final class BodyTransforms {
    // The package in this name is what log lines name their event by: bodies are part of the server side.
    private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.server.BodyTransforms");

    private final List<BodyTransform> transforms = new ArrayList<>(1);

    /** Puts one behind those that are there. */
    public void add(BodyTransform transform) {
        transforms.add(transform);
    }

    /** Takes {@code chunk}; what comes of it is given to {@code out}. */
    public void data(ByteBuf chunk, BodySink out) {
        data(0, chunk, out);
    }

    /** Lets every transform write what it kept. */
    public void end(BodySink out) {
        for (int i = 0; i < transforms.size(); i++) {
            int next = i + 1;
            transforms.get(i).onEnd(chunk -> data(next, chunk, out));
        }
    }

    /** Frees what they keep; none is called again. */
    public void abort() {
        for (BodyTransform transform : transforms) {
            try {
                transform.onAbort();
            } catch (RuntimeException e) {
                // The others hold something too.
                LOG.error("a body transform could not be ended", e);
            }
        }
        transforms.clear();
    }

    private void data(int index, ByteBuf chunk, BodySink out) {
        if (index == transforms.size()) {
            out.write(chunk);
            return;
        }
        try {
            transforms.get(index).onData(chunk, result -> data(index + 1, result, out));
        } finally {
            chunk.release();
        }
    }
}
