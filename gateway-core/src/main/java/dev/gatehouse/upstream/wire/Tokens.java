package dev.gatehouse.upstream.wire;

/** Which bytes may stand in a field (RFC 9110 sections 5.1 and 5.5). */
final class Tokens {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    private static final boolean[] TOKEN = new boolean[256];

    static {
        for (int c = 0; c < 128; c++) {
            TOKEN[c] = isIn(c, '0', '9') || isIn(c, 'a', 'z') || isIn(c, 'A', 'Z') || TOKEN_MARKS.indexOf(c) >= 0;
        }
    }

    private Tokens() {}

    private static boolean isIn(int character, char first, char last) {
        return character >= first && character <= last;
    }

    static boolean isTokenByte(byte value) {
        return TOKEN[value & 0xff];
    }

    /** Everything but control characters; the tab is allowed, bytes above 127 are opaque data. */
    static boolean isValueByte(byte value) {
        return value < 0 || (value >= ' ' && value != 0x7f) || value == '\t';
    }

    static boolean isToken(CharSequence name) {
        for (int i = 0; i < name.length(); i++) {
            char character = name.charAt(i);
            if (character > 127 || !TOKEN[character]) {
                return false;
            }
        }
        return name.length() > 0;
    }

    static boolean isValue(CharSequence value) {
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            if (character > 255 || !isValueByte((byte) character)) {
                return false;
            }
        }
        return true;
    }
}
