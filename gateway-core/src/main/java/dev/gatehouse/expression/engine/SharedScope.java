package dev.gatehouse.expression.engine;

import java.util.List;
import java.util.Set;
import org.mozilla.javascript.BaseFunction;
import org.mozilla.javascript.Callable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.LambdaFunction;
import org.mozilla.javascript.NativeArray;
import org.mozilla.javascript.NativeObject;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.SerializableCallable;
import org.mozilla.javascript.Undefined;

/**
 * Builds the built-ins that all scripts share: a list of allowed ones, bounded where one call can do unlimited work,
 * and sealed, so that no request changes what the next one sees.
 */
final class SharedScope {
    /** Longest array or array-like that a built-in walks. */
    static final int LONGEST_ARRAY = 100_000;

    private static final Set<String> ALLOWED = Set.of(
            "Object",
            "Array",
            "String",
            "Number",
            "Boolean",
            "Symbol",
            "Math",
            "JSON",
            "Date",
            "RegExp",
            "Promise",
            "Map",
            "Set",
            "WeakMap",
            "WeakSet",
            "Reflect",
            "Error",
            "AggregateError",
            "EvalError",
            "RangeError",
            "ReferenceError",
            "SyntaxError",
            "TypeError",
            "URIError",
            "NaN",
            "Infinity",
            "undefined",
            "isNaN",
            "isFinite",
            "parseInt",
            "parseFloat",
            "encodeURI",
            "encodeURIComponent",
            "decodeURI",
            "decodeURIComponent",
            "escape",
            "unescape");

    private static final List<String> DEFINING =
            List.of("defineProperty", "defineProperties", "setPrototypeOf", "freeze", "seal", "preventExtensions");

    /** Everything a script can reach, the prototypes without a name included. */
    private static final String REACHABLE = """
            (function (roots) {
              var found = [], seen = new Set();
              function visit(value) {
                if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) return;
                seen.add(value);
                found.push(value);
                visit(Object.getPrototypeOf(value));
                Reflect.ownKeys(value).forEach(function (key) {
                  var property = Object.getOwnPropertyDescriptor(value, key);
                  if (!property) return;
                  if ('value' in property) { visit(value[key]); } else { visit(property.get); visit(property.set); }
                });
              }
              roots.forEach(visit);
              return found;
            })([[][Symbol.iterator](), new Map()[Symbol.iterator](), new Set()[Symbol.iterator](),
                ''[Symbol.iterator](), 'a'.matchAll(/a/g), (function* () {})(), function* () {}, () => 1,
                Promise.resolve(), /a/, new Date(0), Symbol.iterator.constructor, globalObject])
            """;

    private SharedScope() {}

    /** The sealed scope. The engine's start. */
    static ScriptableObject build(EngineContext context) {
        ScriptableObject scope = context.initSafeStandardObjects(null, false);
        for (Object id : scope.getAllIds()) {
            String name = id.toString();
            if (!ALLOWED.contains(name)) {
                scope.delete(name);
            } else if (scope.get(name, scope) instanceof Scriptable loaded) {
                // Loads what is lazy: nothing may be initialised later, while a request is served.
                scope.defineProperty(name, loaded, ScriptableObject.DONTENUM);
            }
        }
        replaceFunctionConstructor(scope);
        boundBuiltIns(scope);
        protectSealed(scope);
        // Its registry lives as long as the process.
        functionOf(scope, "Symbol").delete("for");
        RequestFunctions.defineGlobals(scope);
        scope.defineProperty("console", console(scope), ScriptableObject.DONTENUM);
        seal(context, scope);
        return scope;
    }

    /** Rhino finds the prototype of functions under this name, so it stays; calling it makes no code. */
    private static void replaceFunctionConstructor(ScriptableObject scope) {
        Scriptable prototype = functionOf(scope, "Object").getPrototype();
        BaseFunction refusing = new Constructor(scope, prototype);
        scope.defineProperty("Function", refusing, ScriptableObject.DONTENUM);
        prototype.put("constructor", prototype, refusing);
    }

    /** The constructor of functions without its power. */
    private static final class Constructor extends LambdaFunction {
        private static final long serialVersionUID = 1L;

        Constructor(Scriptable scope, Scriptable prototype) {
            super(scope, "Function", 1, (cx, s, self, args) -> {
                throw ScriptRuntime.typeError("code cannot be made from text");
            });
            setPrototypeProperty(prototype);
        }
    }

    private static void boundBuiltIns(ScriptableObject scope) {
        ScriptableObject array = prototypeOf(scope, "Array");
        // Rhino leaves an entry without a name here, which JavaScript does not have.
        array.delete("");
        for (Object id : array.getAllIds()) {
            if (id instanceof String name && !name.equals("constructor")) {
                guard(scope, array, name, SharedScope::boundThisAndArguments);
            }
        }
        guard(scope, functionOf(scope, "Array"), "from", SharedScope::boundThisAndArguments);
        Texts.bound(scope);
        guard(scope, prototypeOf(scope, "Function"), "apply", SharedScope::boundThisAndArguments);
        guard(scope, functionOf(scope, "Reflect"), "apply", SharedScope::boundThisAndArguments);
        guard(scope, functionOf(scope, "Reflect"), "construct", SharedScope::boundThisAndArguments);
        Scriptable list = Context.getCurrentContext().newArray(scope, 0);
        Scriptable iterator = (Scriptable) ((Callable) ScriptableObject.getProperty(list, "values"))
                .call(Context.getCurrentContext(), scope, list, ScriptRuntime.emptyArgs);
        guard(scope, (ScriptableObject) iterator.getPrototype(), "next", (cx, s, self, args) -> tick(cx));
    }

    /** Rhino's seal stops assignments only. */
    private static void protectSealed(ScriptableObject scope) {
        ScriptableObject object = functionOf(scope, "Object");
        for (String name : DEFINING) {
            guard(scope, object, name, (cx, s, self, args) -> refuseSealed(args.length > 0 ? args[0] : self));
            guard(
                    scope,
                    functionOf(scope, "Reflect"),
                    name,
                    (cx, s, self, args) -> refuseSealed(args.length > 0 ? args[0] : self));
        }
        ScriptableObject prototype = prototypeOf(scope, "Object");
        guard(scope, prototype, "__defineGetter__", (cx, s, self, args) -> refuseSealed(self));
        guard(scope, prototype, "__defineSetter__", (cx, s, self, args) -> refuseSealed(self));
        prototype.delete("__proto__");
    }

    private static Object refuseSealed(Object target) {
        if (target instanceof ScriptableObject object && object.isSealed()) {
            throw ScriptRuntime.typeError("this object cannot be changed");
        }
        return Undefined.instance;
    }

    /** Replaces a built-in by one that checks its work first. */
    static void guard(ScriptableObject scope, ScriptableObject owner, String name, SerializableCallable check) {
        Object original = owner.get(name, owner);
        if (original instanceof BaseFunction function) {
            int attributes = owner.getAttributes(name);
            LambdaFunction bounded =
                    new LambdaFunction(scope, name, function.getLength(), (context, caller, self, arguments) -> {
                        check.call(context, caller, self, arguments);
                        return function.call(context, caller, self, arguments);
                    });
            owner.defineProperty(name, bounded, attributes);
        }
    }

    private static Object boundThisAndArguments(
            Context context, Scriptable scope, Scriptable self, Object[] arguments) {
        boundLength(self);
        for (Object argument : arguments) {
            boundLength(argument);
        }
        return tick(context);
    }

    private static void boundLength(Object value) {
        double length = 0;
        if (value instanceof NativeArray array) {
            length = array.getLength();
        } else if (value instanceof ScriptableObject object && !(value instanceof BaseFunction)) {
            length = ScriptableObject.getProperty(object, "length") instanceof Number number ? number.doubleValue() : 0;
        }
        if (length > LONGEST_ARRAY) {
            throw ScriptRuntime.rangeError("an array is longer than " + LONGEST_ARRAY);
        }
    }

    static Object tick(Context context) {
        ((EngineContext) context).tick();
        return Undefined.instance;
    }

    /** Scripts of Express Gateway find a console whose output goes nowhere. */
    private static ScriptableObject console(Scriptable scope) {
        NativeObject console = new NativeObject();
        console.setParentScope(scope);
        console.setPrototype(ScriptableObject.getObjectPrototype(scope));
        for (String name : new String[] {"log", "info", "warn", "error", "debug", "trace"}) {
            console.defineProperty(
                    name, new LambdaFunction(scope, name, 0, (cx, s, self, args) -> Undefined.instance), 0);
        }
        return console;
    }

    private static void seal(EngineContext context, ScriptableObject scope) {
        NativeObject walk = new NativeObject();
        walk.setPrototype(scope);
        walk.put("globalObject", walk, scope);
        var reachable = (NativeArray) context.compiling(() -> context.compileString(REACHABLE, "seal", 1, null))
                .exec(context, walk, walk);
        for (int i = 0; i < reachable.getLength(); i++) {
            if (reachable.get(i, reachable) instanceof ScriptableObject object) {
                object.sealObject();
            }
        }
        scope.sealObject();
    }

    static ScriptableObject functionOf(ScriptableObject scope, String name) {
        return (ScriptableObject) ScriptableObject.getProperty(scope, name);
    }

    static ScriptableObject prototypeOf(ScriptableObject scope, String name) {
        return (ScriptableObject) ScriptableObject.getProperty(functionOf(scope, name), "prototype");
    }
}
