package dev.gatehouse.server.response;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.util.Iterator;
import java.util.Map;

/**
 * Writes responses with lower-case field names, as Express Gateway does, unless told otherwise, and without a body
 * where the request was HEAD. The connection sets both switches before it writes a head; a head is encoded at once.
 */
public final class ResponseEncoder extends HttpResponseEncoder {
    private static final int COLON_SPACE = (':' << 8) | ' ';
    private static final int CRLF = ('\r' << 8) | '\n';

    private boolean head;
    private boolean preserveCase;

    void next(boolean head, boolean preserveCase) {
        this.head = head;
        this.preserveCase = preserveCase;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
        return (head && response.status().code() >= 200) || super.isContentAlwaysEmpty(response);
    }

    @Override
    protected void encodeHeaders(HttpHeaders headers, ByteBuf out) {
        if (preserveCase) {
            super.encodeHeaders(headers, out);
            return;
        }
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            writeLowerCase(field.getKey(), out);
            out.writeShort(COLON_SPACE);
            // One octet per character: values were read as ISO-8859-1 and go out as they came in.
            ByteBufUtil.writeAscii(out, field.getValue());
            out.writeShort(CRLF);
        }
    }

    private static void writeLowerCase(CharSequence name, ByteBuf out) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            out.writeByte(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        }
    }
}
