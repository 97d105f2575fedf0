package dev.gatehouse.policies.jwt;

import java.io.ByteArrayOutputStream;

/**
 * Puts an RSAPublicKey of RFC 8017 ({@code BEGIN RSA PUBLIC KEY}) into the SubjectPublicKeyInfo that the Java runtime
 * reads. Only the envelope is written here; the key is decoded by the runtime, which refuses what is wrong.
 */
final class RsaEnvelope {
    private static final int SEQUENCE = 0x30;
    private static final int BIT_STRING = 0x03;
    // 1.2.840.113549.1.1.1 and NULL
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    private RsaEnvelope() {}

    static byte[] around(byte[] key) {
        ByteArrayOutputStream bits = new ByteArrayOutputStream();
        bits.write(0); // no unused bits
        bits.writeBytes(key);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(RSA);
        content.writeBytes(element(BIT_STRING, bits.toByteArray()));
        return element(SEQUENCE, content.toByteArray());
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        // DER wants the shortest form of a length; 64 KiB are more than any key.
        if (content.length >= 0x100) {
            out.write(0x82);
            out.write(content.length >> 8);
        } else if (content.length >= 0x80) {
            out.write(0x81);
        }
        out.write(content.length);
        out.writeBytes(content);
        return out.toByteArray();
    }
}
