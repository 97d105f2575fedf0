package dev.gatehouse.tls;

import java.io.ByteArrayOutputStream;

/** First messages of TLS clients that are particular about something (RFC 8446 section 4.1.2). */
final class CurveHello {
    private CurveHello() {}

    /** A client that knows one group only; without a key share, so the server has to ask for one in TLS 1.3. */
    static byte[] bytes(boolean tls13, int group) {
        ByteArrayOutputStream extensions = common(group);
        if (tls13) {
            extension(extensions, 43, 2, 3, 4);
            extension(extensions, 51, 0, 0);
        }
        return hello(extensions.toByteArray(), 1, 0);
    }

    /** A client of TLS 1.2 that would rather compress (DEFLATE of RFC 3749). */
    static byte[] compressing() {
        return hello(common(23).toByteArray(), 2, 1, 0);
    }

    private static ByteArrayOutputStream common(int group) {
        ByteArrayOutputStream extensions = new ByteArrayOutputStream();
        extension(extensions, 10, 0, 2, 0, group);
        extension(extensions, 11, 1, 0);
        extension(extensions, 13, 0, 6, 4, 3, 8, 4, 4, 1);
        return extensions;
    }

    private static void extension(ByteArrayOutputStream out, int type, int... content) {
        put(out, 0, type, 0, content.length);
        put(out, content);
    }

    private static byte[] hello(byte[] extensions, int... compressions) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        put(body, 3, 3);
        body.writeBytes(new byte[32]);
        put(body, 0, 0, 6, 0x13, 0x01, 0xc0, 0x2b, 0xc0, 0x2f);
        put(body, compressions);
        put(body, 0, extensions.length);
        body.writeBytes(extensions);
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        put(record, 22, 3, 1, 0, body.size() + 4, 1, 0, 0, body.size());
        record.writeBytes(body.toByteArray());
        return record.toByteArray();
    }

    private static void put(ByteArrayOutputStream out, int... bytes) {
        for (int value : bytes) {
            out.write(value);
        }
    }
}
