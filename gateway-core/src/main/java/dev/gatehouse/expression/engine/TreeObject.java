package dev.gatehouse.expression.engine;

import dev.gatehouse.expression.value.ObjectKeys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.NativeObject;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/**
 * A read-only view of a plain tree, such as the claims of a token: they are shared between requests, so no script may
 * change them. Nested objects and lists are made when they are read.
 */
final class TreeObject extends NativeObject {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, @Nullable Object> tree;
    private final transient Map<String, @Nullable Object> nested = new HashMap<>();

    TreeObject(Scriptable scope, Map<String, @Nullable Object> tree) {
        this.tree = tree;
        setParentScope(scope);
        setPrototype(ScriptableObject.getObjectPrototype(scope));
        for (String name : ObjectKeys.of(tree)) {
            show(name, tree.get(name));
        }
        sealObject();
    }

    private void show(String name, @Nullable Object value) {
        int index = ObjectKeys.index(name);
        if (index >= 0) {
            put(index, this, Trees.readOnly(getParentScope(), value));
        } else if (value instanceof Map || value instanceof List) {
            defineProperty(name, () -> nested(name), null, EMPTY);
        } else {
            defineProperty(name, Trees.readOnly(getParentScope(), value), EMPTY);
        }
    }

    private @Nullable Object nested(String name) {
        return nested.computeIfAbsent(name, key -> Trees.readOnly(getParentScope(), tree.get(key)));
    }

    Map<String, @Nullable Object> tree() {
        return tree;
    }

    @Override
    public void put(String name, Scriptable start, Object value) {
        if (isSealed()) {
            throw ScriptRuntime.typeError("what is known about the client is read-only: assign req.user as a whole");
        }
        super.put(name, start, value);
    }
}
