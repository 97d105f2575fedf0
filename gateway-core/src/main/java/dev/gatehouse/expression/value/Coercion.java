package dev.gatehouse.expression.value;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.ScriptRuntime;

/** Conversions and comparisons of ECMA-262 section 7 for plain Java values. Pure; safe on any thread. */
public final class Coercion {
    private static final long EXACT_INTEGERS = 1L << 53;
    private static final double PRINTED_AS_INTEGER = 1e15;

    private Coercion() {}

    /** ToBoolean. */
    public static boolean truthy(@Nullable Object value) {
        if (value instanceof Boolean bool) {
            return bool;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof Number number) {
            double d = number.doubleValue();
            return d != 0 && !Double.isNaN(d);
        }
        return value != null && value != Undefined.INSTANCE;
    }

    /** ToString. */
    public static String text(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof Number number) {
            return text(number);
        }
        if (value instanceof List<?> list) {
            return joined(list);
        }
        if (value instanceof Map<?, ?> map) {
            if (map.containsKey("toString")) {
                throw new ExpressionFailure(
                        ExpressionFailure.Kind.ERROR, "TypeError: an object with its own 'toString' has no text");
            }
            return "[object Object]";
        }
        return String.valueOf(value);
    }

    private static String text(Number number) {
        if (number instanceof Integer || number instanceof Long) {
            long exact = number.longValue();
            if (exact <= EXACT_INTEGERS && exact >= -EXACT_INTEGERS) {
                return Long.toString(exact);
            }
        }
        double d = number.doubleValue();
        if (d == Math.rint(d) && Math.abs(d) < PRINTED_AS_INTEGER) {
            return Long.toString((long) d);
        }
        return ScriptRuntime.toString(d);
    }

    private static String joined(List<?> list) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < list.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            Object item = list.get(i);
            if (item != null && item != Undefined.INSTANCE) {
                out.append(text(item));
            }
        }
        return out.toString();
    }

    /** ToNumber. */
    public static double number(@Nullable Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof Boolean bool) {
            return bool ? 1 : 0;
        }
        if (value == null) {
            return 0;
        }
        return value == Undefined.INSTANCE ? Double.NaN : NumberText.number(text(value));
    }

    /** The operator {@code ===}. */
    @SuppressWarnings("ReferenceEquality") // objects are equal to themselves only
    public static boolean strictlyEqual(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Number a && right instanceof Number b) {
            return a.doubleValue() == b.doubleValue();
        }
        if (left instanceof List || left instanceof Map || left == null) {
            return left == right;
        }
        return left.equals(right);
    }

    /** The operator {@code ==}. */
    @SuppressWarnings("ReferenceEquality") // objects are equal to themselves only
    public static boolean looselyEqual(@Nullable Object left, @Nullable Object right) {
        boolean leftNothing = left == null || left == Undefined.INSTANCE;
        boolean rightNothing = right == null || right == Undefined.INSTANCE;
        if (leftNothing || rightNothing) {
            return leftNothing && rightNothing;
        }
        boolean leftObject = isObject(left);
        boolean rightObject = isObject(right);
        if (leftObject && rightObject) {
            return left == right;
        }
        Object a = leftObject ? text(left) : left;
        Object b = rightObject ? text(right) : right;
        if (a instanceof String && b instanceof String) {
            return a.equals(b);
        }
        return number(a) == number(b);
    }

    /** The operator {@code <}. */
    public static boolean less(@Nullable Object left, @Nullable Object right) {
        return isOrdered(left, right, false);
    }

    /** The operator {@code <=}; not the negation of {@code >} where a side is not a number. */
    public static boolean lessOrEqual(@Nullable Object left, @Nullable Object right) {
        return isOrdered(left, right, true);
    }

    /** The operator {@code >}. */
    public static boolean greater(@Nullable Object left, @Nullable Object right) {
        return isOrdered(right, left, false);
    }

    /** The operator {@code >=}. */
    public static boolean greaterOrEqual(@Nullable Object left, @Nullable Object right) {
        return isOrdered(right, left, true);
    }

    private static boolean isOrdered(@Nullable Object smaller, @Nullable Object larger, boolean orEqual) {
        Object a = primitive(smaller);
        Object b = primitive(larger);
        if (a instanceof String x && b instanceof String y) {
            int order = x.compareTo(y);
            return orEqual ? order <= 0 : order < 0;
        }
        double x = number(a);
        double y = number(b);
        return orEqual ? x <= y : x < y;
    }

    /** The operator {@code +}. */
    public static Object sum(@Nullable Object left, @Nullable Object right) {
        Object a = primitive(left);
        Object b = primitive(right);
        if (a instanceof String || b instanceof String) {
            return text(a).concat(text(b));
        }
        return number(a) + number(b);
    }

    private static @Nullable Object primitive(@Nullable Object value) {
        return isObject(value) ? text(value) : value;
    }

    private static boolean isObject(@Nullable Object value) {
        return value instanceof List || value instanceof Map;
    }
}
