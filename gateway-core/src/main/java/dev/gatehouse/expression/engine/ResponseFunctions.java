package dev.gatehouse.expression.engine;

import dev.gatehouse.expression.value.MediaTypes;
import dev.gatehouse.expression.value.RequestTarget;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Callable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.LambdaFunction;
import org.mozilla.javascript.NativeArray;
import org.mozilla.javascript.NativeObject;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.Undefined;

/** Functions that scripts of Express Gateway call on {@code res}, as Express 4 has them. Made once, shared and sealed. */
final class ResponseFunctions {
    private static final String TYPE = "Content-Type";
    private static final String JSON = "application/json; charset=utf-8";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String HTML = "text/html; charset=utf-8";

    /** The body of one function, called on a response. */
    @FunctionalInterface
    private interface Body {
        @Nullable
        Object call(Context context, ResponseObject response, Object[] arguments);
    }

    private ResponseFunctions() {}

    /** The prototype of every {@code res}. */
    static ScriptableObject prototype(ScriptableObject shared) {
        NativeObject prototype = new NativeObject();
        prototype.setParentScope(shared);
        prototype.setPrototype(ScriptableObject.getObjectPrototype(shared));
        define(shared, prototype, "status", (cx, res, args) -> status(res, argument(args, 0)));
        define(shared, prototype, "set", ResponseFunctions::set);
        define(shared, prototype, "header", ResponseFunctions::set);
        define(shared, prototype, "setHeader", (cx, res, args) -> setHeader(res, args));
        define(shared, prototype, "append", (cx, res, args) -> append(cx, res, args));
        define(shared, prototype, "get", (cx, res, args) -> res.field(name(args)));
        define(shared, prototype, "getHeader", (cx, res, args) -> res.field(name(args)));
        define(shared, prototype, "hasHeader", (cx, res, args) -> !Undefined.isUndefined(res.field(name(args))));
        define(shared, prototype, "removeHeader", (cx, res, args) -> removeHeader(res, args));
        define(shared, prototype, "type", (cx, res, args) -> type(res, args));
        define(shared, prototype, "contentType", (cx, res, args) -> type(res, args));
        define(shared, prototype, "send", ResponseFunctions::send);
        define(shared, prototype, "json", ResponseFunctions::json);
        define(shared, prototype, "end", (cx, res, args) -> end(res, argument(args, 0)));
        define(shared, prototype, "sendStatus", (cx, res, args) -> sendStatus(res, argument(args, 0)));
        define(shared, prototype, "redirect", (cx, res, args) -> redirect(res, args));
        define(shared, prototype, "location", (cx, res, args) -> location(res, argument(args, 0)));
        prototype.sealObject();
        return prototype;
    }

    private static ResponseObject status(ResponseObject response, @Nullable Object code) {
        response.status(code);
        return response;
    }

    /** One field, or an object of them. A media type of text gets its charset, as in Express. */
    private static ResponseObject set(Context context, ResponseObject response, Object[] arguments) {
        if (arguments.length == 1 && arguments[0] instanceof Scriptable fields) {
            for (Object id : fields.getIds()) {
                String name = id.toString();
                set(response, name, ScriptableObject.getProperty(fields, name));
            }
            return response;
        }
        set(response, name(arguments), value(arguments));
        return response;
    }

    private static void set(ResponseObject response, String name, @Nullable Object value) {
        boolean isType = name.equalsIgnoreCase(TYPE) && value != null && !Undefined.isUndefined(value);
        if (isType && value instanceof NativeArray) {
            throw ScriptRuntime.typeError("a content type is no list");
        }
        response.field(name, isType ? MediaTypes.withCharset(Texts.of(value)) : value);
    }

    private static ResponseObject setHeader(ResponseObject response, Object[] arguments) {
        response.field(name(arguments), value(arguments));
        return response;
    }

    private static ResponseObject append(Context context, ResponseObject response, Object[] arguments) {
        String name = name(arguments);
        Object known = response.field(name);
        if (Undefined.isUndefined(known)) {
            set(response, name, value(arguments));
            return response;
        }
        Scriptable list = context.newArray(response.getParentScope(), 0);
        int length = addAll(list, 0, known);
        addAll(list, length, value(arguments));
        response.field(name, list);
        return response;
    }

    private static int addAll(Scriptable list, int from, @Nullable Object value) {
        if (!(value instanceof NativeArray array)) {
            list.put(from, list, value);
            return from + 1;
        }
        int at = from;
        for (Object item : array.toArray()) {
            list.put(at++, list, item);
        }
        return at;
    }

    private static Object removeHeader(ResponseObject response, Object[] arguments) {
        response.removeField(name(arguments));
        return Undefined.instance;
    }

    private static ResponseObject type(ResponseObject response, Object[] arguments) {
        String written = Texts.of(argument(arguments, 0));
        response.field(TYPE, MediaTypes.withCharset(MediaTypes.named(written)));
        return response;
    }

    /** A text, something that becomes JSON, or a number alone, which is a status. */
    private static ResponseObject send(Context context, ResponseObject response, Object[] arguments) {
        Object body = bodyAfterStatus(response, arguments);
        if (arguments.length == 1 && body instanceof Number) {
            return sendStatus(response, body);
        }
        if (body == null || Undefined.isUndefined(body)) {
            response.send("", "");
        } else if (body instanceof CharSequence text) {
            setCharset(response);
            response.send(Texts.of(text), HTML);
        } else {
            sendJson(context, response, body);
        }
        return response;
    }

    private static ResponseObject json(Context context, ResponseObject response, Object[] arguments) {
        sendJson(context, response, bodyAfterStatus(response, arguments));
        return response;
    }

    private static void sendJson(Context context, ResponseObject response, @Nullable Object value) {
        Scriptable json = (Scriptable)
                ScriptableObject.getProperty(response.getPrototype().getParentScope(), "JSON");
        Object text = ((Callable) ScriptableObject.getProperty(json, "stringify"))
                .call(context, response.getParentScope(), json, new Object[] {value});
        response.send(text instanceof CharSequence chars ? Texts.of(chars) : "", JSON);
    }

    /** The body; of two arguments, as older Express had them, one is the status. */
    private static @Nullable Object bodyAfterStatus(ResponseObject response, Object[] arguments) {
        if (arguments.length != 2) {
            return argument(arguments, 0);
        }
        boolean statusFirst = arguments[0] instanceof Number || !(arguments[1] instanceof Number);
        response.status(arguments[statusFirst ? 0 : 1]);
        return arguments[statusFirst ? 1 : 0];
    }

    private static void setCharset(ResponseObject response) {
        if (response.field(TYPE) instanceof String type) {
            response.field(TYPE, MediaTypes.withUtf8(type));
        }
    }

    /** What Node sends: no media type of its own, and nothing after the first end. */
    private static ResponseObject end(ResponseObject response, @Nullable Object body) {
        if (response.exchange().draft().answer() != null && Undefined.isUndefined(body)) {
            return response;
        }
        if (body != null && !Undefined.isUndefined(body) && !(body instanceof CharSequence)) {
            throw ScriptRuntime.typeError("'res.end' takes a text");
        }
        response.send(body instanceof CharSequence text ? Texts.of(text) : "", "");
        return response;
    }

    private static ResponseObject sendStatus(ResponseObject response, @Nullable Object code) {
        response.status(code);
        response.field(TYPE, TEXT);
        response.send(phrase(response.status()), TEXT);
        return response;
    }

    /** The reason phrase; the number itself where nobody defined one. */
    private static String phrase(int status) {
        String phrase = HttpResponseStatus.valueOf(status).reasonPhrase();
        return phrase.endsWith(")") ? Integer.toString(status) : phrase;
    }

    private static Object redirect(ResponseObject response, Object[] arguments) {
        boolean statusFirst = arguments.length > 1 && arguments[0] instanceof Number;
        Object status = arguments.length < 2 ? HttpResponseStatus.FOUND.code() : arguments[statusFirst ? 0 : 1];
        location(response, arguments.length < 2 || !statusFirst ? argument(arguments, 0) : arguments[1]);
        response.status(status);
        response.field(TYPE, TEXT);
        response.send(phrase(response.status()) + ". Redirecting to " + response.field("Location"), TEXT);
        return Undefined.instance;
    }

    private static ResponseObject location(ResponseObject response, @Nullable Object address) {
        if (address == null || Undefined.isUndefined(address)) {
            throw ScriptRuntime.typeError("an address is missing");
        }
        String written = Texts.of(address);
        String referrer = response.exchange().request().headers().get("referer");
        String target = !written.equals("back") ? written : referrer == null ? "/" : referrer;
        response.field("Location", RequestTarget.encoded(target));
        return response;
    }

    private static String name(Object[] arguments) {
        if (arguments.length == 0) {
            throw ScriptRuntime.typeError("the name of a header is missing");
        }
        return Texts.of(arguments[0]);
    }

    private static @Nullable Object value(Object[] arguments) {
        if (arguments.length < 2) {
            throw ScriptRuntime.typeError("the value of a header is missing");
        }
        return arguments[1];
    }

    private static @Nullable Object argument(Object[] arguments, int at) {
        return at < arguments.length ? arguments[at] : Undefined.instance;
    }

    private static void define(Scriptable scope, ScriptableObject owner, String name, Body body) {
        LambdaFunction function = new LambdaFunction(scope, name, 1, (context, caller, self, arguments) -> {
            if (self instanceof ResponseObject response) {
                return body.call(context, response, arguments);
            }
            throw ScriptRuntime.typeError("not called on res");
        });
        function.sealObject();
        owner.defineProperty(name, function, ScriptableObject.DONTENUM);
    }
}
