package dev.gatehouse.expression.engine;

import org.mozilla.javascript.Context;
import org.mozilla.javascript.LambdaFunction;
import org.mozilla.javascript.NativeObject;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.SerializableCallable;

/** Functions that scripts of Express Gateway call on {@code req} and on the context. Made once, shared and sealed. */
final class RequestFunctions {
    private static final int LONGEST_CODE = 10_000;

    private RequestFunctions() {}

    /** The prototype of every {@code req}. */
    static ScriptableObject prototype(ScriptableObject shared) {
        NativeObject prototype = new NativeObject();
        prototype.setParentScope(shared);
        prototype.setPrototype(ScriptableObject.getObjectPrototype(shared));
        define(shared, prototype, "get", RequestFunctions::header);
        define(shared, prototype, "header", RequestFunctions::header);
        define(
                shared,
                prototype,
                "isAuthenticated",
                (cx, s, self, args) -> request(self).isAuthenticated());
        define(
                shared,
                prototype,
                "isUnauthenticated",
                (cx, s, self, args) -> !request(self).isAuthenticated());
        prototype.sealObject();
        return prototype;
    }

    /** {@code run}, {@code match} and {@code evaluateAsTemplateString}; before the scope is sealed. */
    static void defineGlobals(ScriptableObject shared) {
        define(shared, shared, "run", (cx, s, self, args) -> run(cx, text(args)));
        define(shared, shared, "match", (cx, s, self, args) -> ScriptRuntime.toBoolean(run(cx, text(args))));
        define(shared, shared, "evaluateAsTemplateString", (cx, s, self, args) -> run(cx, "`" + text(args) + "`"));
    }

    private static Object header(Context context, Scriptable scope, Scriptable self, Object[] arguments) {
        return request(self).headers().lookup(text(arguments));
    }

    private static Object run(Context context, String code) {
        if (code.length() > LONGEST_CODE) {
            throw ScriptRuntime.rangeError("the code is longer than " + LONGEST_CODE);
        }
        EngineContext engine = (EngineContext) context;
        Globals globals = engine.globals();
        if (globals == null) {
            throw ScriptRuntime.typeError("no request is being served");
        }
        engine.check();
        return engine.compiling(() -> context.compileString(code, Engine.SOURCE_NAME, 1, null))
                .exec(context, globals, globals);
    }

    private static String text(Object[] arguments) {
        if (arguments.length == 0) {
            throw ScriptRuntime.typeError("an argument is missing");
        }
        return Texts.of(arguments[0]);
    }

    private static RequestObject request(Object self) {
        if (self instanceof RequestObject request) {
            return request;
        }
        throw ScriptRuntime.typeError("not called on req");
    }

    private static void define(Scriptable scope, ScriptableObject owner, String name, SerializableCallable target) {
        LambdaFunction function = new LambdaFunction(scope, name, 1, target);
        function.sealObject();
        owner.defineProperty(name, function, ScriptableObject.DONTENUM);
    }
}
