package dev.gatehouse.expression.engine;

import dev.gatehouse.expression.value.ExpressionFailure;
import dev.gatehouse.expression.value.ObjectKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Callable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Function;
import org.mozilla.javascript.NativeArray;
import org.mozilla.javascript.NativeObject;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.Symbol;
import org.mozilla.javascript.Undefined;

/** Carries values between plain Java trees and the engine. */
final class Trees {
    private static final int DEEPEST = 64;
    private static final int MOST_VALUES = 10_000;

    private int values;

    private Trees() {}

    /** A script value that shows {@code value} and cannot change it; a list is a copy, which changes alone. */
    static @Nullable Object readOnly(Scriptable scope, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            @SuppressWarnings("unchecked") // trees have text keys only
            Map<String, @Nullable Object> tree = (Map<String, @Nullable Object>) map;
            return new TreeObject(scope, tree);
        }
        if (value instanceof List<?> list) {
            @Nullable Object[] items = new @Nullable Object[list.size()];
            for (int i = 0; i < items.length; i++) {
                items[i] = readOnly(scope, list.get(i));
            }
            return Context.getCurrentContext().newArray(scope, items);
        }
        return scalar(value);
    }

    /** A script value of its own, free to be changed. */
    static @Nullable Object copy(Scriptable scope, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            @SuppressWarnings("unchecked") // trees have text keys only
            Map<String, @Nullable Object> tree = (Map<String, @Nullable Object>) map;
            var object = (NativeObject) Context.getCurrentContext().newObject(scope);
            tree.forEach((name, member) -> {
                int index = ObjectKeys.index(name);
                if (index < 0) {
                    object.defineProperty(name, copy(scope, member), ScriptableObject.EMPTY);
                } else {
                    object.put(index, object, copy(scope, member));
                }
            });
            return object;
        }
        if (value instanceof List<?> list) {
            @Nullable Object[] items = new @Nullable Object[list.size()];
            for (int i = 0; i < items.length; i++) {
                items[i] = copy(scope, list.get(i));
            }
            return Context.getCurrentContext().newArray(scope, items);
        }
        return scalar(value);
    }

    private static @Nullable Object scalar(@Nullable Object value) {
        if (value == dev.gatehouse.expression.value.Undefined.INSTANCE) {
            return Undefined.instance;
        }
        // Rhino takes BigInteger for a BigInt and every number of JavaScript is a double.
        return value instanceof Number number && !(value instanceof Integer) ? (Object) number.doubleValue() : value;
    }

    /** The plain tree of a script value: as {@code JSON.stringify} sees it, but that functions and dates on top are text. */
    static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Scriptable object && isText(object)) {
            return ScriptRuntime.toString(object);
        }
        return new Trees().tree(value, 0);
    }

    private static boolean isText(Scriptable object) {
        return switch (object.getClassName()) {
            case "Date", "RegExp", "Error" -> true;
            default -> object instanceof Callable;
        };
    }

    private @Nullable Object tree(@Nullable Object value, int depth) {
        if (depth > DEEPEST || ++values > MOST_VALUES) {
            throw new ExpressionFailure(
                    ExpressionFailure.Kind.LIMIT, "RangeError: the value is too large, or contains itself");
        }
        if (Undefined.isUndefined(value) || Scriptable.NOT_FOUND.equals(value)) {
            return dev.gatehouse.expression.value.Undefined.INSTANCE;
        }
        if (value instanceof CharSequence text) {
            return Texts.of(text);
        }
        if (value instanceof Symbol) {
            throw ScriptRuntime.typeError("a symbol has no text");
        }
        return value instanceof Scriptable object ? object(object, depth) : value;
    }

    private @Nullable Object object(Scriptable object, int depth) {
        if (object instanceof TreeObject view) {
            return view.tree();
        }
        if (object instanceof RequestObject || object instanceof ResponseObject || object instanceof Globals) {
            throw ScriptRuntime.typeError("this object cannot be turned into a value");
        }
        if (ScriptableObject.getProperty(object, "toJSON") instanceof Function function) {
            Context context = Context.getCurrentContext();
            return tree(function.call(context, object.getParentScope(), object, ScriptRuntime.emptyArgs), depth + 1);
        }
        if (object instanceof NativeArray array) {
            return list(array, depth);
        }
        return switch (object.getClassName()) {
            case "String" -> ScriptRuntime.toString(object);
            case "Number" -> ScriptRuntime.toNumber(object);
            case "Boolean" -> ScriptRuntime.toPrimitive(object);
            default ->
                object instanceof Callable ? dev.gatehouse.expression.value.Undefined.INSTANCE : map(object, depth);
        };
    }

    private List<@Nullable Object> list(NativeArray array, int depth) {
        if (array.getLength() > MOST_VALUES) {
            throw new ExpressionFailure(ExpressionFailure.Kind.LIMIT, "RangeError: the list is too long");
        }
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = 0; i < array.getLength(); i++) {
            list.add(tree(ScriptableObject.getProperty(array, i), depth + 1));
        }
        return list;
    }

    private Map<String, @Nullable Object> map(Scriptable object, int depth) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (Object id : object.getIds()) {
            Object member = id instanceof Integer index
                    ? ScriptableObject.getProperty(object, index)
                    : ScriptableObject.getProperty(object, id.toString());
            Object value = tree(member, depth + 1);
            if (value != dev.gatehouse.expression.value.Undefined.INSTANCE) {
                map.put(id.toString(), value);
            }
        }
        return map;
    }
}
