package dev.gatehouse.upstream.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Reads responses strictly, one at a time, and knows whether anything is left behind them.
 *
 * <p>Framing is judged while the received fields are still complete: Netty removes {@code Transfer-Encoding} from
 * messages without a body, and {@code Content-Length} beside it, before anyone else sees them.
 */
public final class ResponseDecoder extends HttpResponseDecoder {
    private static final int MAX_STATUS_LINE_BYTES = 8 * 1024;
    private static final int MAX_PIECE_BYTES = 64 * 1024;

    private boolean toHead;
    private boolean bytesSeen;
    private boolean interim;
    private boolean ended = true;
    private boolean surplus;

    /** @param maxHeaderBytes bound of the header section and of the trailer section */
    public ResponseDecoder(int maxHeaderBytes) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_STATUS_LINE_BYTES)
                .setMaxHeaderSize(maxHeaderBytes)
                .setMaxChunkSize(MAX_PIECE_BYTES)
                .setAllowDuplicateContentLengths(false)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true));
    }

    /** Prepares for the response to the next request. */
    public void expect(boolean responseToHead) {
        toHead = responseToHead;
        bytesSeen = false;
        ended = false;
    }

    /** Whether any byte arrived since {@link #expect}. */
    public boolean bytesSeen() {
        return bytesSeen;
    }

    /** Whether bytes arrived that belong to no expected response; they are dropped unread (RFC 9112 section 9.2). */
    public boolean surplusSeen() {
        return surplus;
    }

    /** Whether a final response has no body, whatever its fields say (RFC 9112 section 6.3). */
    public boolean isWithoutBody(HttpResponse response) {
        int code = response.status().code();
        return toHead || code == 204 || code == 304;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        bytesSeen |= message instanceof ByteBuf bytes && bytes.isReadable();
        super.channelRead(context, message);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (ended) {
            surplus |= in.isReadable();
            in.skipBytes(in.readableBytes());
            return;
        }
        super.decode(context, in, out);
        if (!out.isEmpty() && out.get(out.size() - 1) instanceof LastHttpContent && !interim) {
            ended = true;
        }
    }

    @Override
    protected HttpMessage createMessage(String[] statusLine) {
        // Netty reads the code as any integer, signs and leading zeros included.
        if (!ResponseFraming.isStatusCode(statusLine[1])) {
            throw new IllegalArgumentException("status code");
        }
        return super.createMessage(statusLine);
    }

    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        // RFC 9112 section 5.1: Netty takes white space before the colon away in responses; others may not.
        if (length == 0 || line[start + length] != ':') {
            throw new IllegalArgumentException("field line");
        }
        return super.splitHeaderName(line, start, length);
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        HttpResponse response = (HttpResponse) message;
        ResponseFraming.check(response);
        interim = response.status().code() < 200;
        return (toHead && !interim) || super.isContentAlwaysEmpty(message);
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        // RFC 9112 section 6.3: a smuggling attempt or a broken service; never guess.
        throw new IllegalArgumentException("Content-Length beside Transfer-Encoding");
    }
}
