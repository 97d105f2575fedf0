package dev.gatehouse.upstream.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

/**
 * Writes requests with lower-case field names, as Express Gateway does.
 *
 * <p>Values are checked once more while they are written: a field that a policy computed can never start a new line.
 */
public final class RequestEncoder extends HttpRequestEncoder {
    private static final int COLON_AND_SPACE = (':' << 8) | ' ';
    private static final int CRLF = ('\r' << 8) | '\n';

    @Override
    protected void encodeHeaders(HttpHeaders headers, ByteBuf out) {
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            writeName(field.getKey(), out);
            out.writeShort(COLON_AND_SPACE);
            writeValue(field.getValue(), out);
            out.writeShort(CRLF);
        }
    }

    private static void writeName(CharSequence name, ByteBuf out) {
        int length = name.length();
        int start = out.writerIndex();
        if (name instanceof AsciiString ascii) {
            ByteBufUtil.copy(ascii, out);
        } else {
            out.writeCharSequence(name, StandardCharsets.ISO_8859_1);
        }
        for (int i = start; i < start + length; i++) {
            byte character = out.getByte(i);
            if (character >= 'A' && character <= 'Z') {
                out.setByte(i, character + ('a' - 'A'));
            } else if (!Tokens.isTokenByte(character)) {
                throw new IllegalArgumentException("field name with a character that is not allowed");
            }
        }
    }

    private static void writeValue(CharSequence value, ByteBuf out) {
        int length = value.length();
        int start = out.writerIndex();
        if (value instanceof AsciiString ascii) {
            ByteBufUtil.copy(ascii, out);
        } else {
            out.writeCharSequence(value, StandardCharsets.ISO_8859_1);
        }
        for (int i = start; i < start + length; i++) {
            if (!Tokens.isValueByte(out.getByte(i))) {
                throw new IllegalArgumentException("field value with a control character");
            }
        }
    }
}
