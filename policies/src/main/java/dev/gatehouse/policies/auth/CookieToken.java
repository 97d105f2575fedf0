package dev.gatehouse.policies.auth;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cookie that holds a token (RFC 6265 section 4.2.1). Its name is compared exactly, as browsers and services do.
 *
 * @param count how often it occurs
 * @param value of the last one, without quotes around it; null = none
 */
record CookieToken(int count, @Nullable String value) {
    static CookieToken find(HttpHeaders headers, String name) {
        int count = 0;
        String value = null;
        Iterator<String> fields = headers.valueStringIterator(HttpHeaderNames.COOKIE);
        while (fields.hasNext()) {
            String field = fields.next();
            for (int start = 0; start < field.length(); start = end(field, start) + 1) {
                int end = end(field, start);
                int equals = equals(field, start, end);
                if (isName(field, start, equals, name)) {
                    count++;
                    value = equals < end ? value(field, equals + 1, end) : "";
                }
            }
        }
        return new CookieToken(count, value);
    }

    /** Takes the cookie out of the header; the other pairs stay as they are. */
    static void strip(HttpHeaders headers, String name) {
        if (find(headers, name).count() == 0) {
            return;
        }
        List<String> left = new ArrayList<>();
        for (String field : headers.getAll(HttpHeaderNames.COOKIE)) {
            String stripped = strip(field, name);
            if (!stripped.isEmpty()) {
                left.add(stripped);
            }
        }
        headers.remove(HttpHeaderNames.COOKIE);
        headers.add(HttpHeaderNames.COOKIE, left);
    }

    @Override
    public String toString() {
        return "CookieToken[" + count + "]";
    }

    private static String strip(String field, String name) {
        StringBuilder stripped = new StringBuilder(field.length());
        for (int start = 0; start < field.length(); start = end(field, start) + 1) {
            int end = end(field, start);
            if (!isName(field, start, equals(field, start, end), name)) {
                stripped.append(stripped.isEmpty() ? "" : ";").append(field, start, end);
            }
        }
        return stripped.toString().strip();
    }

    private static int end(String field, int start) {
        int end = field.indexOf(';', start);
        return end < 0 ? field.length() : end;
    }

    private static int equals(String field, int start, int end) {
        int equals = field.indexOf('=', start);
        return equals < 0 || equals > end ? end : equals;
    }

    private static boolean isName(String field, int start, int end, String name) {
        int from = start;
        int to = end;
        while (from < to && isBlank(field.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(field.charAt(to - 1))) {
            to--;
        }
        return to - from == name.length() && field.startsWith(name, from);
    }

    private static String value(String field, int start, int end) {
        String value = field.substring(start, end).strip();
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
