package dev.gatehouse.tls;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Puts the key formats of older OpenSSL versions into the envelope that the Java runtime reads (RFC 5958).
 *
 * <p>Only the envelope is written here; the keys themselves are decoded by the runtime, which refuses what is wrong.
 */
final class Pkcs8 {
    private static final byte SEQUENCE = 0x30;
    private static final byte OCTETS = 0x04;
    private static final byte PARAMETERS = (byte) 0xa0;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    // 1.2.840.113549.1.1.1 and NULL
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };
    // 1.2.840.10045.2.1
    private static final byte[] ELLIPTIC_CURVE = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};

    private Pkcs8() {}

    /** @param key an RSAPrivateKey of RFC 8017 */
    static byte[] ofRsa(byte[] key) {
        return element(SEQUENCE, join(VERSION_0, RSA, element(OCTETS, key)));
    }

    /** @param key an ECPrivateKey of RFC 5915 that names its curve */
    static byte[] ofEllipticCurve(byte[] key) {
        byte[] algorithm = element(SEQUENCE, join(ELLIPTIC_CURVE, curve(key)));
        return element(SEQUENCE, join(VERSION_0, algorithm, element(OCTETS, key)));
    }

    private static byte[] curve(byte[] key) {
        try {
            int at = contentOf(key, 0);
            while (at < key.length) {
                int content = contentOf(key, at);
                int end = content + lengthOf(key, at);
                if (key[at] == PARAMETERS) {
                    return Arrays.copyOfRange(key, content, end);
                }
                at = end;
            }
        } catch (IndexOutOfBoundsException e) {
            throw new TlsProblem("the elliptic curve key is cut off", e);
        }
        throw new TlsProblem("the elliptic curve key does not name its curve (expected: a key in PKCS #8 form)");
    }

    private static int contentOf(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first - 0x80);
    }

    private static int lengthOf(byte[] der, int at) {
        int length = der[at + 1] & 0xff;
        if (length < 0x80) {
            return length;
        }
        length = 0;
        for (int i = at + 2; i < contentOf(der, at); i++) {
            length = (length << 8) | (der[i] & 0xff);
        }
        return length;
    }

    private static byte[] element(byte tag, byte[] content) {
        int length = content.length;
        byte[] head = length < 0x80
                ? new byte[] {tag, (byte) length}
                : length < 0x100
                        ? new byte[] {tag, (byte) 0x81, (byte) length}
                        : new byte[] {tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        return join(head, content);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
