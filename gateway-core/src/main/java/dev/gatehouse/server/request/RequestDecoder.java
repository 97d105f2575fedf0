package dev.gatehouse.server.request;

import dev.gatehouse.config.LimitsConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Netty's strict decoder, stricter still about the request line: exactly one space between its three parts, nothing
 * before them, and the version in capitals (RFC 9112 section 3). Netty accepts any white space there and reads the
 * version in any letter case; a peer that reads otherwise sees another request.
 *
 * <p>A folded header line is refused too (RFC 9112 section 5.2). Netty joins it with the line before, so that nothing of
 * it is left to see in the message; the bytes that Netty consumed for the head show it. Netty consumes a head in whole
 * lines and stops where it ends, and it decodes head and body in separate calls, so only head lines are looked at.
 *
 * <p>Behind a request that asks for WebSocket nothing is decoded until it is known what becomes of it: what follows may
 * not be HTTP.
 *
 * <p>It also tells when bytes arrive, because a head has its own deadline.
 */
public final class RequestDecoder extends HttpRequestDecoder {
    private static final int MAX_PIECE_BYTES = 64 * 1024;
    private static final DecoderResult FOLDED =
            DecoderResult.failure(new IllegalArgumentException("a folded header line"));

    private final Runnable bytesArrived;
    private boolean inHead = true;
    private boolean folded;
    private boolean upgrade;
    private boolean held;

    /** @param bytesArrived runs before bytes are decoded */
    public RequestDecoder(LimitsConfig limits, Runnable bytesArrived) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.maxRequestLineBytes())
                .setMaxHeaderSize(limits.maxHeaderBytes())
                .setMaxChunkSize(MAX_PIECE_BYTES)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true)
                .setAllowDuplicateContentLengths(false)
                .setValidateHeaders(true));
        this.bytesArrived = bytesArrived;
    }

    /** Whether bytes wait behind a request that asks for WebSocket. */
    public boolean holdsBytes() {
        return held && actualReadableBytes() > 0;
    }

    /** Goes on behind a request that asked for WebSocket and did not get it. */
    public static void resume(ChannelPipeline pipeline) {
        ChannelHandlerContext context = pipeline.context(RequestDecoder.class);
        if (context != null && context.handler() instanceof RequestDecoder decoder) {
            boolean waiting = decoder.holdsBytes();
            decoder.held = false;
            try {
                if (waiting) {
                    decoder.channelRead(context, Unpooled.EMPTY_BUFFER);
                    decoder.channelReadComplete(context);
                }
            } catch (Exception e) {
                context.fireExceptionCaught(e);
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        bytesArrived.run();
        super.channelRead(context, message);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (held) {
            return;
        }
        int from = in.readerIndex();
        super.decode(context, in, out);
        if (inHead && !folded) {
            folded = holdsFold(in, from, in.readerIndex());
        }
        for (int i = 0; i < out.size(); i++) {
            Object message = out.get(i);
            if (message instanceof HttpRequest request) {
                inHead = false;
                upgrade = WebSocketHandshake.isAskedBy(request);
                refuseFold(request);
            }
            if (message instanceof LastHttpContent) {
                inHead = true;
                held = upgrade;
            }
        }
    }

    private void refuseFold(HttpRequest request) {
        if (folded && request.decoderResult().isSuccess()) {
            request.setDecoderResult(FOLDED);
        }
        folded = false;
    }

    /** Whether one of the whole lines between two indices begins with white space. */
    private static boolean holdsFold(ByteBuf in, int from, int to) {
        int line = from;
        while (line < to) {
            byte first = in.getByte(line);
            if (first == ' ' || first == '\t') {
                return true;
            }
            int end = in.indexOf(line, to, (byte) '\n');
            line = end < 0 ? to : end + 1;
        }
        return false;
    }

    @Override
    protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
        if (start > 0) {
            throw new IllegalArgumentException("white space before the method");
        }
        return super.splitFirstWordInitialLine(line, start, length);
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        requireSingleSpace(line, start);
        return super.splitSecondWordInitialLine(line, start, length);
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
        requireSingleSpace(line, start);
        String version = super.splitThirdWordInitialLine(line, start, length);
        if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
            throw new IllegalArgumentException("unknown version");
        }
        return version;
    }

    private static void requireSingleSpace(byte[] line, int start) {
        if (start < 2 || line[start - 1] != ' ' || line[start - 2] <= ' ') {
            throw new IllegalArgumentException("not one space between the parts of the request line");
        }
    }
}
