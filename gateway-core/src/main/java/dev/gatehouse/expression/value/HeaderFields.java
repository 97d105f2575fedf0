package dev.gatehouse.expression.value;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Header values as Node shows them to scripts, and script values as they go on the wire. Pure. */
public final class HeaderFields {
    /** Repetitions of these are ignored by Node: the first one counts. */
    private static final Set<String> FIRST_ONE_COUNTS = Set.of(
            "age",
            "authorization",
            "content-length",
            "content-type",
            "etag",
            "expires",
            "from",
            "host",
            "if-modified-since",
            "if-unmodified-since",
            "last-modified",
            "location",
            "max-forwards",
            "proxy-authorization",
            "referer",
            "retry-after",
            "server",
            "user-agent");

    /** Framing and hop-by-hop fields (RFC 9110 section 7.6.1): only the engine may set or remove them. */
    private static final Set<String> ENGINE_OWNED = Set.of(
            "connection",
            "content-length",
            "expect",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    private static final AsciiString COOKIE = AsciiString.cached("cookie");
    private static final AsciiString SET_COOKIE = AsciiString.cached("set-cookie");

    private static final AsciiString REFERER = AsciiString.cached("referer");
    private static final AsciiString REFERRER = AsciiString.cached("referrer");

    private HeaderFields() {}

    /**
     * The value of a field, repetitions joined; a List for {@code set-cookie}.
     *
     * @param name in lower case
     */
    public static Object value(HttpHeaders headers, AsciiString name) {
        Iterator<? extends CharSequence> values = headers.valueCharSequenceIterator(name);
        if (!values.hasNext()) {
            return Undefined.INSTANCE;
        }
        String only = values.next().toString();
        boolean isList = name.contentEquals(SET_COOKIE);
        return values.hasNext() || isList ? repeated(headers.getAll(name), name, isList) : only;
    }

    private static Object repeated(List<String> values, AsciiString name, boolean isList) {
        if (isList) {
            return values;
        }
        return FIRST_ONE_COUNTS.contains(name.toString())
                ? values.get(0)
                : String.join(name.contentEquals(COOKIE) ? "; " : ", ", values);
    }

    /**
     * What {@code req.get(name)} gives: either spelling of {@code referer} finds the other, as in Express.
     *
     * @param name in lower case
     */
    public static Object lookup(HttpHeaders headers, AsciiString name) {
        if (name.contentEquals(REFERRER) || name.contentEquals(REFERER)) {
            Object referrer = value(headers, REFERRER);
            return Coercion.truthy(referrer) ? referrer : value(headers, REFERER);
        }
        return value(headers, name);
    }

    /** Whether {@code name} is a field name of RFC 9110 section 5.1. */
    public static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!alphanumeric && TOKEN_MARKS.indexOf(c) < 0) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** Whether the field frames the message or belongs to one connection. */
    public static boolean isEngineOwned(String name) {
        return ENGINE_OWNED.contains(AsciiString.of(name).toLowerCase().toString());
    }

    /** Whether a value has no control character other than a tab (RFC 9110 section 5.5). */
    public static boolean isValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                return false;
            }
        }
        return true;
    }

    /**
     * The octets of a value, each as a char: ISO-8859-1 where every character fits, else UTF-8 for the whole value.
     *
     * @throws ExpressionFailure when it has a control character other than a tab
     */
    public static String wire(String value) {
        if (!isValue(value)) {
            throw new ExpressionFailure(
                    ExpressionFailure.Kind.ERROR, "a header value with a control character is never sent");
        }
        boolean wide = false;
        for (int i = 0; i < value.length(); i++) {
            wide |= value.charAt(i) > 0xff;
        }
        String trimmed = trimmed(value);
        return wide ? new String(trimmed.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1) : trimmed;
    }

    /**
     * The value of a field that says {@code value}, see {@link #wire}: a list becomes one line with commas, which means
     * the same as a line for each item (RFC 9110 section 5.3), an object is JSON. Null when there is nothing to send:
     * undefined, null, or a list of them.
     */
    public static @Nullable String line(@Nullable Object value) {
        String text = value instanceof List<?> items ? joined(items) : text(value);
        return text == null ? null : wire(text);
    }

    private static @Nullable String joined(List<?> items) {
        StringBuilder line = null;
        for (Object item : items) {
            String text = text(item);
            if (text != null) {
                line = line == null
                        ? new StringBuilder(text)
                        : line.append(", ").append(text);
            }
        }
        return line == null ? null : line.toString();
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value == null || value == Undefined.INSTANCE) {
            return null;
        }
        return value instanceof Map ? JsonText.of(value) : Coercion.text(value);
    }

    /** White space around a value is no part of it (RFC 9110 section 5.5). */
    private static String trimmed(String value) {
        int from = 0;
        int to = value.length();
        while (from < to && isBlank(value.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(value.charAt(to - 1))) {
            to--;
        }
        return value.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
