package dev.gatehouse.expression.value;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as {@code JSON.stringify} of JavaScript writes it: compact, keys in its order, its escapes. Pure. */
public final class JsonText {
    private static final int DEEPEST = 512;
    private static final HexFormat HEX = HexFormat.of();

    private final StringBuilder out = new StringBuilder();

    private final boolean exact;

    private JsonText(boolean exact) {
        this.exact = exact;
    }

    /** The text of {@code value}; null for undefined. */
    public static @Nullable String of(@Nullable Object value) {
        if (value == Undefined.INSTANCE) {
            return null;
        }
        return write(value, false);
    }

    /** The text of an object or list that is passed on: whole numbers keep every digit, which JavaScript would not. */
    public static String document(Object tree) {
        return write(tree, true);
    }

    private static String write(@Nullable Object value, boolean exact) {
        JsonText text = new JsonText(exact);
        text.write(value, 0);
        return text.out.toString();
    }

    private void write(@Nullable Object value, int depth) {
        if (depth > DEEPEST) {
            throw new ExpressionFailure(ExpressionFailure.Kind.LIMIT, "RangeError: a value is nested too deeply");
        }
        if (value instanceof String string) {
            quote(string);
        } else if (value instanceof Number number) {
            write(number);
        } else if (value instanceof List<?> list) {
            writeList(list, depth);
        } else if (value instanceof Map<?, ?> map) {
            @SuppressWarnings("unchecked") // trees have text keys only
            Map<String, @Nullable Object> tree = (Map<String, @Nullable Object>) map;
            writeMap(tree, depth);
        } else {
            out.append(value == Undefined.INSTANCE ? "null" : String.valueOf(value));
        }
    }

    private void write(Number number) {
        double d = number.doubleValue();
        if (exact && (number instanceof Long || number instanceof BigInteger)) {
            out.append(number);
        } else {
            out.append(Double.isNaN(d) || Double.isInfinite(d) ? "null" : Coercion.text(number));
        }
    }

    private void writeList(List<?> list, int depth) {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            write(list.get(i), depth + 1);
        }
        out.append(']');
    }

    private void writeMap(Map<String, @Nullable Object> map, int depth) {
        out.append('{');
        boolean first = true;
        for (String key : ObjectKeys.of(map)) {
            Object value = map.get(key);
            if (value != Undefined.INSTANCE) {
                if (!first) {
                    out.append(',');
                }
                first = false;
                quote(key);
                out.append(':');
                write(value, depth + 1);
            }
        }
        out.append('}');
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || isLoneSurrogate(text, i)) {
                        out.append("\\u").append(HEX.toHexDigits(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean isLoneSurrogate(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
