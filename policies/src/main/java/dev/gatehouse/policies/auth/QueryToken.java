package dev.gatehouse.policies.auth;

import org.jspecify.annotations.Nullable;

/**
 * A parameter of a query or of an urlencoded form that holds a token (RFC 6750 sections 2.2 and 2.3). Its name is
 * compared after decoding, because the service behind decodes it as well.
 *
 * @param count how often it occurs
 * @param value the decoded value of the last one; null when it has none or cannot be decoded
 */
record QueryToken(int count, @Nullable String value) {
    /** Looks for the parameter {@code name} in the query of {@code target}. */
    static QueryToken find(String target, String name) {
        return find(target, name, false);
    }

    /** Looks for it in an urlencoded body, whose bytes are the characters of {@code body}. */
    static QueryToken inForm(String body, String name) {
        return find('?' + body, name, true);
    }

    private static QueryToken find(String target, String name, boolean form) {
        int count = 0;
        String value = null;
        for (int start = target.indexOf('?') + 1; start > 0; start = next(target, start)) {
            int end = end(target, start);
            int equals = equals(target, start, end);
            if (isName(target, start, equals, name, form)) {
                count++;
                value = equals < end ? decode(target, equals + 1, end, form) : null;
            }
        }
        return new QueryToken(count, value);
    }

    /** The target without the parameter, and without the question mark when nothing else is behind it. */
    static String strip(String target, String name) {
        return strip(target, name, false);
    }

    /** The body without the parameter. */
    static String stripForm(String body, String name) {
        String stripped = strip('?' + body, name, true);
        return stripped.isEmpty() ? stripped : stripped.substring(1);
    }

    private static String strip(String target, String name, boolean form) {
        int query = target.indexOf('?');
        if (query < 0) {
            return target;
        }
        StringBuilder stripped = new StringBuilder(target.length()).append(target, 0, query);
        char separator = '?';
        for (int start = query + 1; start > 0; start = next(target, start)) {
            int end = end(target, start);
            if (!isName(target, start, equals(target, start, end), name, form)) {
                stripped.append(separator).append(target, start, end);
                separator = '&';
            }
        }
        return stripped.toString();
    }

    @Override
    public String toString() {
        return "QueryToken[" + count + "]";
    }

    private static int next(String target, int start) {
        return target.indexOf('&', start) + 1;
    }

    private static int end(String target, int start) {
        int end = target.indexOf('&', start);
        return end < 0 ? target.length() : end;
    }

    private static int equals(String target, int start, int end) {
        int equals = target.indexOf('=', start);
        return equals < 0 || equals > end ? end : equals;
    }

    private static boolean isName(String target, int start, int end, String name, boolean form) {
        if (end - start == name.length() && target.startsWith(name, start)) {
            return true;
        }
        return end - start > name.length()
                && target.indexOf('%', start) >= 0
                && name.equals(decode(target, start, end, form));
    }

    /**
     * One character for each decoded byte, so that what is not ASCII stays recognizable; null when malformed.
     *
     * @param form whether a plus sign is a space
     */
    private static @Nullable String decode(String text, int start, int end, boolean form) {
        StringBuilder decoded = new StringBuilder(end - start);
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < end ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < end ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    return null;
                }
                c = (char) (high << 4 | low);
                i += 2;
            } else if (form && c == '+') {
                c = ' ';
            }
            decoded.append(c);
        }
        return decoded.toString();
    }
}
