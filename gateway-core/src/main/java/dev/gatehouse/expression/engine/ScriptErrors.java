package dev.gatehouse.expression.engine;

import dev.gatehouse.expression.value.ExpressionFailure;
import dev.gatehouse.expression.value.ExpressionFailure.Kind;
import dev.gatehouse.expression.value.HeaderFields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.EcmaError;
import org.mozilla.javascript.JavaScriptException;
import org.mozilla.javascript.NativeArray;
import org.mozilla.javascript.RhinoException;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.Undefined;

/**
 * Turns what the engine throws into failures. Messages of the engine quote values of the request, a token perhaps, so
 * only the kind of error and its line are passed on.
 */
final class ScriptErrors {
    private static final Pattern READ_OF_UNDEFINED =
            Pattern.compile("Cannot (?:read property|call method) \"(.{0,200}?)\" (?:from|of) undefined");

    private static final int MOST_FIELDS = 20;
    private static final int LONGEST_VALUE = 4096;

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
            return thrown("the expression threw" + place, script.getValue());
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

    private static ExpressionFailure thrown(String message, @Nullable Object value) {
        int status = status(member(value, "status"));
        status = status == 0 ? status(member(value, "statusCode")) : status;
        return new ExpressionFailure(Kind.ERROR, message, status, status == 0 ? Map.of() : headers(value));
    }

    private static int status(@Nullable Object value) {
        int code = value instanceof Number number ? number.intValue() : 0;
        return code >= 400 && code <= 599 ? code : 0;
    }

    /** The fields that can be sent; the rest is left out, because there is already an error to tell. */
    private static Map<String, List<String>> headers(@Nullable Object thrown) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        if (member(thrown, "headers") instanceof ScriptableObject written) {
            for (Object id : written.getIds()) {
                String name = id.toString();
                List<String> lines = lines(member(written, name));
                boolean allowed = HeaderFields.isName(name) && !HeaderFields.isEngineOwned(name);
                if (allowed && !lines.isEmpty() && fields.size() < MOST_FIELDS) {
                    fields.put(name, lines);
                }
            }
        }
        return fields;
    }

    private static List<String> lines(@Nullable Object value) {
        List<String> lines = new ArrayList<>();
        if (value instanceof NativeArray array) {
            for (Object item : array.toArray()) {
                addLine(lines, item);
            }
        } else {
            addLine(lines, value);
        }
        return lines;
    }

    private static void addLine(List<String> lines, @Nullable Object item) {
        if (item instanceof CharSequence || item instanceof Number) {
            String text = ScriptRuntime.toString(item);
            if (text.length() <= LONGEST_VALUE && HeaderFields.isValue(text)) {
                lines.add(HeaderFields.wire(text));
            }
        }
    }

    /** A plain member of a thrown object, or null; a getter is not run for it. */
    private static @Nullable Object member(@Nullable Object owner, String name) {
        return owner instanceof ScriptableObject object
                        && object.has(name, object)
                        && Undefined.isUndefined(object.getGetterOrSetter(name, 0, object, false))
                ? object.get(name, object)
                : null;
    }
}
