package dev.gatehouse.upstream.wire;

import dev.gatehouse.client.CallResult;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.compression.JdkZlibDecoder;
import io.netty.handler.codec.compression.ZlibWrapper;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A response body that is collected up to a bound, counted after gzip or deflate is undone. Compressed input is decoded
 * in small pieces, so what a bomb can unfold before it is noticed is bounded as well. One event loop.
 */
public final class BoundedBody {
    private static final int PIECE_BYTES = 512;
    private static final int DECODED_SLACK = 1024;

    private final int maxBytes;
    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
    private final @Nullable BombProofDecoder decoder;
    private final @Nullable EmbeddedChannel decoding;

    private BoundedBody(int maxBytes, @Nullable ZlibWrapper coding) {
        this.maxBytes = maxBytes;
        this.decoder = coding == null ? null : new BombProofDecoder(coding, maxBytes + DECODED_SLACK);
        this.decoding = decoder == null ? null : new EmbeddedChannel(decoder);
    }

    /** Null when the content coding is unknown. */
    public static @Nullable BoundedBody of(HttpHeaders headers, int maxBytes) {
        List<String> codings = headers.getAll(HttpHeaderNames.CONTENT_ENCODING);
        if (codings.size() > 1) {
            return null;
        }
        String coding = codings.isEmpty() ? "identity" : codings.get(0).strip().toLowerCase(Locale.ROOT);
        return switch (coding) {
            case "identity", "" -> new BoundedBody(maxBytes, null);
            case "gzip", "x-gzip" -> new BoundedBody(maxBytes, ZlibWrapper.GZIP);
            case "deflate" -> new BoundedBody(maxBytes, ZlibWrapper.ZLIB_OR_NONE);
            default -> null;
        };
    }

    /** Adds a piece as received. Takes {@code data}. Null = fine; anything else ends the collecting. */
    public CallResult.@Nullable Cause add(ByteBuf data) {
        try {
            EmbeddedChannel channel = decoding;
            if (channel == null) {
                return append(data) ? null : CallResult.Cause.TOO_LARGE;
            }
            while (data.isReadable()) {
                channel.writeInbound(data.readRetainedSlice(Math.min(PIECE_BYTES, data.readableBytes())));
                if (!appendDecoded(channel)) {
                    return CallResult.Cause.TOO_LARGE;
                }
            }
            return null;
        } catch (DecoderException e) {
            return decoder != null && decoder.exhausted ? CallResult.Cause.TOO_LARGE : CallResult.Cause.MALFORMED;
        } finally {
            data.release();
        }
    }

    /** The whole body; null when its coding breaks off. No other call may follow. */
    public byte @Nullable [] finish() {
        boolean whole = decoder == null || decoder.isClosed() || !decoder.started;
        discard();
        return whole ? collected.toByteArray() : null;
    }

    /** Frees what the decoding holds; needed at every end but {@link #finish}. */
    public void discard() {
        if (decoding == null) {
            return;
        }
        try {
            decoding.finishAndReleaseAll();
        } catch (DecoderException e) {
            // The rest of a broken or unfinished coding; what it means was told by add or finish.
            decoding.releaseInbound();
        }
    }

    private boolean appendDecoded(EmbeddedChannel channel) {
        ByteBuf decoded;
        while ((decoded = channel.readInbound()) != null) {
            boolean fits = append(decoded);
            decoded.release();
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private boolean append(ByteBuf bytes) {
        if (bytes.readableBytes() > maxBytes - collected.size()) {
            return false;
        }
        byte[] copy = new byte[bytes.readableBytes()];
        bytes.readBytes(copy);
        collected.writeBytes(copy);
        return true;
    }

    /** Remembers why it failed. */
    private static final class BombProofDecoder extends JdkZlibDecoder {
        private boolean exhausted;
        private boolean started;

        BombProofDecoder(ZlibWrapper coding, int maxAllocation) {
            super(coding, maxAllocation);
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
            started = true;
            super.decode(context, in, out);
        }

        @Override
        protected void decompressionBufferExhausted(ByteBuf buffer) {
            exhausted = true;
        }
    }
}
