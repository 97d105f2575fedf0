package dev.gatehouse.expression.engine;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.expression.value.HeaderFields;
import dev.gatehouse.expression.value.ScriptState;
import dev.gatehouse.expression.value.Undefined;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.NativeArray;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/**
 * {@code req.headers}: the live header section, names in lower case as Node has them. A name with capitals is only
 * known when a script wrote it so.
 */
final class HeadersObject extends LiveObject {
    private static final long serialVersionUID = 1L;

    private final transient Exchange exchange;
    private final Set<String> writtenWithCapitals = new HashSet<>();

    HeadersObject(Scriptable scope, Exchange exchange) {
        super(scope, ScriptableObject.getObjectPrototype(scope));
        this.exchange = exchange;
    }

    @Override
    @Nullable
    Object live(String name) {
        boolean known = isLowerCase(name) || writtenWithCapitals.contains(name);
        return known ? shown(HeaderFields.value(headers(), lower(name))) : NOT_FOUND;
    }

    /** The value of any spelling of {@code name}, for {@code req.get}. */
    Object lookup(String name) {
        Object value = shown(HeaderFields.lookup(headers(), lower(name)));
        return NOT_FOUND.equals(value) ? org.mozilla.javascript.Undefined.instance : value;
    }

    private Object shown(Object value) {
        if (value == Undefined.INSTANCE) {
            return NOT_FOUND;
        }
        Object script = Trees.copy(getParentScope(), value);
        return script == null ? NOT_FOUND : script;
    }

    @Override
    Collection<String> liveNames() {
        Set<String> names = new LinkedHashSet<>();
        for (String name : headers().names()) {
            names.add(name.toLowerCase(Locale.ROOT));
        }
        return names;
    }

    @Override
    public void put(String name, Scriptable start, @Nullable Object value) {
        if (!HeaderFields.isName(name) || HeaderFields.isEngineOwned(name)) {
            throw ScriptRuntime.typeError("this header cannot be set by a script");
        }
        List<String> lines = new ArrayList<>();
        if (value instanceof NativeArray array) {
            for (Object item : array.toArray()) {
                lines.add(line(item));
            }
        } else {
            lines.add(line(value));
        }
        headers().set(name, lines);
        if (!isLowerCase(name)) {
            writtenWithCapitals.add(name);
            ScriptState.of(exchange).touch();
        }
    }

    private static String line(@Nullable Object value) {
        if (value == null || org.mozilla.javascript.Undefined.isUndefined(value)) {
            throw ScriptRuntime.typeError("a header cannot be undefined or null: use delete");
        }
        return HeaderFields.wire(Texts.of(value));
    }

    @Override
    public void delete(String name) {
        if (HeaderFields.isEngineOwned(name)) {
            throw ScriptRuntime.typeError("this header cannot be removed by a script");
        }
        if (!NOT_FOUND.equals(live(name))) {
            headers().remove(name);
            writtenWithCapitals.remove(name);
        }
    }

    private HttpHeaders headers() {
        return exchange.request().headers();
    }

    private static AsciiString lower(String name) {
        return AsciiString.of(name).toLowerCase();
    }

    private static boolean isLowerCase(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return false;
            }
        }
        return true;
    }
}
