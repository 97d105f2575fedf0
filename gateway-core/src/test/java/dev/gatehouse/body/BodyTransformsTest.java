package dev.gatehouse.body;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exchange.BodySink;
import dev.gatehouse.exchange.BodyTransform;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BodyTransformsTest {
    private final StringBuilder written = new StringBuilder();
    private final BodySink sink = data -> {
        written.append(data.toString(StandardCharsets.UTF_8));
        data.release();
    };

    @Test
    void feedsEachTransformWithTheResultOfTheOneBefore() {
        BodyTransforms transforms = new BodyTransforms();
        transforms.add(new Suffix("1"));
        transforms.add(new Suffix("2"));
        ByteBuf chunk = text("a");

        transforms.data(chunk, sink);
        transforms.end(sink);

        assertThat(written).hasToString("a12" + "end12" + "end2");
        assertThat(chunk.refCnt()).isZero();
    }

    @Test
    void releasesTheChunkWhenATransformThrows() {
        BodyTransforms transforms = new BodyTransforms();
        transforms.add((chunk, out) -> {
            throw new IllegalStateException("broken");
        });
        ByteBuf chunk = text("a");

        try {
            transforms.data(chunk, sink);
        } catch (IllegalStateException e) {
            written.append(e.getMessage());
        }

        assertThat(written).hasToString("broken");
        assertThat(chunk.refCnt()).isZero();
    }

    private record Suffix(String suffix) implements BodyTransform {
        @Override
        public void onData(ByteBuf chunk, BodySink out) {
            out.write(text(chunk.toString(StandardCharsets.UTF_8) + suffix));
        }

        @Override
        public void onEnd(BodySink out) {
            out.write(text("end" + suffix));
        }
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }
}
