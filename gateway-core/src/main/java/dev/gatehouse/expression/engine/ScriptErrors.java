package dev.gatehouse.expression.engine;

import dev.gatehouse.expression.value.ExpressionFailure;
import dev.gatehouse.expression.value.ExpressionFailure.Kind;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mozilla.javascript.EcmaError;
import org.mozilla.javascript.JavaScriptException;
import org.mozilla.javascript.RhinoException;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.Undefined;

/**
 * Turns what the engine throws into failures. Messages of the engine quote values of the request, a token perhaps, so
 * only the kind of error and its line are passed on.
 */
final class ScriptErrors {
    private static final Pattern READ_OF_UNDEFINED =
            Pattern.compile("Cannot (?:read property|call method) \"(.{0,200}?)\" (?:from|of) undefined");

    private ScriptErrors() {}

    /**
     * The failure for {@code thrown}.
     *
     * @param identityReads names that the expression reads directly from {@code consumer} or {@code req.user}
     * @param anonymous whether nobody is authenticated
     */
    static ExpressionFailure failure(RhinoException thrown, Set<String> identityReads, boolean anonymous) {
        String place = " at line " + Math.max(1, thrown.lineNumber());
        if (thrown instanceof JavaScriptException script) {
            return new ExpressionFailure(Kind.ERROR, "the expression threw" + place, status(script.getValue()));
        }
        if (thrown instanceof EcmaError error) {
            Matcher undefined = READ_OF_UNDEFINED.matcher(String.valueOf(error.getErrorMessage()));
            if (undefined.lookingAt()) {
                boolean ofIdentity = anonymous && identityReads.contains(undefined.group(1));
                return new ExpressionFailure(
                        ofIdentity ? Kind.NO_IDENTITY : Kind.ERROR,
                        error.getName() + ": a property was read of undefined" + place);
            }
            return new ExpressionFailure(Kind.ERROR, error.getName() + place);
        }
        return new ExpressionFailure(Kind.LIMIT, "the expression was too deep or too large" + place);
    }

    /** The status of a thrown object; a getter is not run for it. */
    private static int status(Object thrown) {
        if (thrown instanceof ScriptableObject object
                && object.has("status", object)
                && Undefined.isUndefined(object.getGetterOrSetter("status", 0, object, false))
                && ((Scriptable) object).get("status", object) instanceof Number status) {
            int code = status.intValue();
            return code >= 400 && code <= 599 ? code : 0;
        }
        return 0;
    }
}
