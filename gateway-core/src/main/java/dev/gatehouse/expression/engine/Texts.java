package dev.gatehouse.expression.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.Undefined;

/**
 * Bounds the texts of scripts. Adding two texts costs nothing: the engine puts the parts together when somebody looks at
 * the result, so thirty doublings make a gigabyte in one step. Whoever looks asks here first.
 */
final class Texts {
    /** Longest text that built-ins take or make and that leaves the engine. */
    static final int LONGEST = 1 << 20;

    private static final int LONG = 4096;

    private static final List<String> CODING = List.of(
            "encodeURI",
            "encodeURIComponent",
            "decodeURI",
            "decodeURIComponent",
            "escape",
            "unescape",
            "parseInt",
            "parseFloat");

    private Texts() {}

    /** A text that was made by doubling is not in memory as a whole until a built-in looks at it. */
    static void bound(ScriptableObject scope) {
        ScriptableObject text = SharedScope.prototypeOf(scope, "String");
        for (Object id : text.getAllIds()) {
            if (id instanceof String name && !name.equals("constructor") && !name.equals("length")) {
                SharedScope.guard(scope, text, name, Texts::boundThisTextAndArguments);
            }
        }
        SharedScope.guard(
                scope, text, "repeat", (cx, s, self, args) -> boundText(cx, lengthOf(self) * number(args, 0)));
        SharedScope.guard(scope, text, "padStart", (cx, s, self, args) -> boundText(cx, number(args, 0)));
        SharedScope.guard(scope, text, "padEnd", (cx, s, self, args) -> boundText(cx, number(args, 0)));
        SharedScope.guard(scope, SharedScope.functionOf(scope, "JSON"), "parse", Texts::boundThisTextAndArguments);
        SharedScope.guard(scope, SharedScope.functionOf(scope, "JSON"), "stringify", Texts::boundThisTextAndArguments);
        SharedScope.guard(scope, SharedScope.prototypeOf(scope, "RegExp"), "exec", Texts::boundThisTextAndArguments);
        SharedScope.guard(scope, SharedScope.prototypeOf(scope, "RegExp"), "test", Texts::boundThisTextAndArguments);
        for (String name : CODING) {
            SharedScope.guard(scope, scope, name, Texts::boundThisTextAndArguments);
        }
    }

    private static Object boundThisTextAndArguments(
            Context context, Scriptable scope, Scriptable self, Object[] arguments) {
        boundText(context, lengthOf(self));
        for (Object argument : arguments) {
            boundText(context, lengthOf(argument));
        }
        return SharedScope.tick(context);
    }

    private static Object boundText(Context context, double length) {
        if (length > LONGEST) {
            throw ScriptRuntime.rangeError("a text is longer than " + LONGEST);
        }
        if (length > LONG) {
            // Few calls fill the memory: the count of instructions would notice too late.
            ((EngineContext) context).check();
        }
        return Undefined.instance;
    }

    /** Length of a text, without putting it together; 0 for everything else. */
    private static double lengthOf(Object value) {
        boolean isText = value instanceof CharSequence
                || (value instanceof Scriptable object && object.getClassName().equals("String"));
        if (!isText) {
            return 0;
        }
        int length = ScriptRuntime.toCharSequence(value).length();
        return length < 0 ? Double.POSITIVE_INFINITY : length;
    }

    /**
     * The text of a value that leaves the engine.
     *
     * @throws RuntimeException a RangeError of the script when it is longer than {@link #LONGEST}
     */
    static String of(@Nullable Object value) {
        if (value != null && lengthOf(value) > LONGEST) {
            throw ScriptRuntime.rangeError("a text is longer than " + LONGEST);
        }
        return ScriptRuntime.toString(value);
    }

    private static double number(Object[] arguments, int at) {
        return arguments.length > at ? ScriptRuntime.toNumber(arguments[at]) : 0;
    }
}
