package dev.gatehouse.route;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Percent-encoding of RFC 3986 section 2.1, in the partial ways in which routing needs it. */
final class Escapes {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Escapes() {}

    /** The octet that an escape at {@code i} stands for; -1 when there is no valid escape. */
    static int octet(String text, int i) {
        if (text.charAt(i) != '%' || i + 2 >= text.length()) {
            return -1;
        }
        char high = text.charAt(i + 1);
        char low = text.charAt(i + 2);
        return HexFormat.isHexDigit(high) && HexFormat.isHexDigit(low)
                ? HexFormat.fromHexDigit(high) << 4 | HexFormat.fromHexDigit(low)
                : -1;
    }

    /** The character at {@code i}, an escape being read as what it stands for; {@code %25} stays a percent sign. */
    static char at(String text, int i) {
        int octet = octet(text, i);
        return octet < 0 ? text.charAt(i) : (char) octet;
    }

    static boolean isUnreserved(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    /** Decodes the escapes of unreserved characters, RFC 3986 section 6.2.2.2; null when some escape is invalid. */
    static @Nullable String decodeUnreserved(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                out.append(c);
                continue;
            }
            int octet = octet(text, i);
            if (octet < 0) {
                return null;
            }
            if (isUnreserved(octet)) {
                out.append((char) octet);
            } else {
                out.append(text, i, i + 3);
            }
            i += 2;
        }
        return out.toString();
    }

    /**
     * Decodes the escapes of all visible ASCII characters but the percent sign; an encoded backslash becomes a slash,
     * as services on Windows read it. Expects valid escapes.
     */
    static String decodeVisible(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            int octet = octet(text, i);
            if (octet < 0) {
                out.append(text.charAt(i));
                continue;
            }
            if (octet > ' ' && octet < 0x7f && octet != '%') {
                out.append(octet == '\\' ? '/' : (char) octet);
            } else {
                out.append(text, i, i + 3);
            }
            i += 2;
        }
        return out.toString();
    }

    /** The text without escapes of control characters. Expects valid escapes. */
    static String withoutControls(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            int octet = octet(text, i);
            if ((octet >= 0 && octet < ' ') || octet == 0x7f) {
                i += 2;
            } else {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }

    /** Escapes the characters U+0080 to U+00FF, which stand for octets of the wire. */
    static String encodeNonAscii(String text) {
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                out.append(c);
            } else {
                escape(out, (byte) c);
            }
        }
        return out.toString();
    }

    /** Escapes space, controls and everything beyond ASCII as UTF-8: a pattern as it looks on the wire. */
    static String encodeForWire(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (octet > ' ' && octet < 0x7f) {
                out.append((char) octet);
            } else {
                escape(out, octet);
            }
        }
        return out.toString();
    }

    private static void escape(StringBuilder out, byte octet) {
        HEX.toHexDigits(out.append('%'), octet);
    }

    /** Decodes every escape as {@code decodeURIComponent} does; null when the octets are not UTF-8. */
    static @Nullable String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteBuffer octets = ByteBuffer.allocate(text.length());
        for (int i = 0; i < text.length(); i++) {
            int octet = octet(text, i);
            octets.put((byte) (octet < 0 ? text.charAt(i) : octet));
            i += octet < 0 ? 0 : 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(octets.flip()).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
