package dev.gatehouse.expression.engine;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.Identity;
import dev.gatehouse.exchange.ParsedBody;
import dev.gatehouse.expression.value.HeaderFields;
import dev.gatehouse.expression.value.RequestFields;
import dev.gatehouse.expression.value.RequestTarget;
import dev.gatehouse.expression.value.ScriptState;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.Undefined;

/** {@code req}: reads the live exchange; url, method, headers and user write through to it. */
final class RequestObject extends LiveObject {
    private static final long serialVersionUID = 1L;

    private static final List<String> ENUMERATED = List.of(
            "method", "url", "originalUrl", "path", "headers", "query", "params", "hostname", "ip", "protocol", "user");

    private final transient Exchange exchange;
    private final HeadersObject headers;
    private transient @Nullable Identity shownIdentity;
    private @Nullable TreeObject user;
    private transient @Nullable ParsedBody shownBody;

    RequestObject(Scriptable scope, Scriptable prototype, Exchange exchange) {
        super(scope, prototype);
        this.exchange = exchange;
        this.headers = new HeadersObject(scope, exchange);
    }

    HeadersObject headers() {
        return headers;
    }

    boolean isAuthenticated() {
        return exchange.identity() != null;
    }

    /** {@code req.user} and {@code consumer}. */
    Object user() {
        Identity identity = exchange.identity();
        if (identity == null) {
            return Undefined.instance;
        }
        TreeObject view = user;
        if (view == null || !identity.equals(shownIdentity)) {
            view = new TreeObject(getParentScope(), identity.claims());
            user = view;
            shownIdentity = identity;
        }
        return view;
    }

    @Override
    @Nullable
    Object live(String name) {
        return switch (name) {
            case "headers" -> headers;
            case "user" -> user();
            case "egContext" -> getParentScope();
            case "url", "method" -> field(name);
            default -> NOT_FOUND;
        };
    }

    @Override
    public @Nullable Object get(String name, Scriptable start) {
        if (name.equals("body")) {
            forgetOldBody();
        }
        Object own = super.get(name, start);
        if (!NOT_FOUND.equals(own)) {
            return own;
        }
        Object value = field(name);
        if (value instanceof Scriptable) {
            // From here on the script holds an object of its own, which it may change.
            ScriptState.of(exchange).touch();
            super.put(name, this, value);
        }
        return value;
    }

    /** What a script copied or wrote before a policy read or changed the body is out of date. */
    @SuppressWarnings("ReferenceEquality") // a change is a new object, and comparing trees would cost
    private void forgetOldBody() {
        ParsedBody body = exchange.parsedBody();
        if (body != shownBody) {
            super.delete("body");
            shownBody = body;
        }
    }

    @Override
    public boolean has(String name, Scriptable start) {
        return super.has(name, start) || RequestFields.named(name) != null;
    }

    private @Nullable Object field(String name) {
        RequestFields.Field field = RequestFields.named(name);
        return field == null ? NOT_FOUND : Trees.copy(getParentScope(), field.read(exchange));
    }

    @Override
    Collection<String> liveNames() {
        return ENUMERATED;
    }

    @Override
    public void put(String name, Scriptable start, @Nullable Object value) {
        switch (name) {
            case "url" -> exchange.request().setUri(RequestTarget.checked(Texts.of(value)));
            case "method" -> exchange.request().setMethod(method(Texts.of(value)));
            case "user" -> exchange.identify(identity(value));
            case "headers" -> throw ScriptRuntime.typeError("req.headers cannot be replaced: assign its members");
            case "egContext" -> throw ScriptRuntime.typeError("req.egContext cannot be replaced");
            default -> {
                ScriptState.of(exchange).touch();
                super.put(name, start, value);
            }
        }
    }

    @Override
    public void delete(String name) {
        switch (name) {
            case "user" -> exchange.identify(null);
            case "url", "method", "headers", "egContext" ->
                throw ScriptRuntime.typeError("this property cannot be deleted");
            default -> {
                ScriptState.of(exchange).touch();
                super.delete(name);
            }
        }
    }

    private static HttpMethod method(String name) {
        if (!HeaderFields.isName(name) || name.equalsIgnoreCase("CONNECT")) {
            throw ScriptRuntime.typeError("the value assigned to 'req.method' is no usable method");
        }
        return HttpMethod.valueOf(name);
    }

    private static @Nullable Identity identity(@Nullable Object value) {
        if (value == null || Undefined.isUndefined(value)) {
            return null;
        }
        if (Trees.plain(value) instanceof Map<?, ?> map) {
            @SuppressWarnings("unchecked") // trees have text keys only
            Map<String, @Nullable Object> claims = (Map<String, @Nullable Object>) map;
            return new Identity(Collections.unmodifiableMap(claims));
        }
        throw ScriptRuntime.typeError("the value assigned to 'req.user' is no object");
    }
}
