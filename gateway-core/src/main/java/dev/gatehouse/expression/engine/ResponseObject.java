package dev.gatehouse.expression.engine;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.NativeObject;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/** {@code res} while no response exists: what can be read of it before the pipeline has answered. */
final class ResponseObject extends LiveObject {
    private static final long serialVersionUID = 1L;

    private static final List<String> NAMES = List.of("statusCode", "headersSent", "locals");

    private final NativeObject locals = new NativeObject();

    ResponseObject(Scriptable scope) {
        super(scope, ScriptableObject.getObjectPrototype(scope));
        locals.setParentScope(scope);
        locals.setPrototype(ScriptableObject.getObjectPrototype(scope));
    }

    @Override
    @Nullable
    Object live(String name) {
        return switch (name) {
            case "statusCode" -> 200;
            case "headersSent" -> false;
            case "locals" -> locals;
            default -> NOT_FOUND;
        };
    }

    @Override
    Collection<String> liveNames() {
        return NAMES;
    }
}
