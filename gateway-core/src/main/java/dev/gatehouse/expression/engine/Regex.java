package dev.gatehouse.expression.engine;

import dev.gatehouse.expression.value.ExpressionFailure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.EcmaError;
import org.mozilla.javascript.NativeArray;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.Undefined;

/** A regular expression of the engine, outside any script. Immutable; safe on any thread. */
public final class Regex {
    private final Engine engine;
    private final Object compiled;

    private Regex(Engine engine, Object compiled) {
        this.engine = engine;
        this.compiled = compiled;
    }

    /**
     * Compiles {@code source}.
     *
     * @throws IllegalArgumentException with the engine's sentence when it is not valid
     */
    public static Regex compile(String source, String flags) {
        Engine engine = Engine.started();
        EngineContext context = engine.enter();
        try {
            return new Regex(engine, ScriptRuntime.checkRegExpProxy(context).compileRegExp(context, source, flags));
        } catch (EcmaError refused) {
            throw new IllegalArgumentException(refused.getErrorMessage(), refused);
        } finally {
            Context.exit();
        }
    }

    /**
     * The first match and its groups; null = no match.
     *
     * @throws ExpressionFailure when the search takes longer than 50 ms
     */
    public @Nullable List<@Nullable String> exec(String text) {
        EngineContext context = engine.enter();
        try {
            context.begin();
            Scriptable pattern = ScriptRuntime.wrapRegExp(context, engine.shared(), compiled);
            Object match = ScriptableObject.callMethod(context, pattern, "exec", new Object[] {text});
            return match instanceof NativeArray array ? groups(array) : null;
        } catch (ScriptLimit | StackOverflowError limit) {
            throw new ExpressionFailure(
                    ExpressionFailure.Kind.LIMIT, "the regular expression took too long for this text");
        } finally {
            Context.exit();
        }
    }

    private static List<@Nullable String> groups(NativeArray match) {
        List<@Nullable String> groups = new ArrayList<>();
        for (int i = 0; i < match.getLength(); i++) {
            Object group = match.get(i, match);
            groups.add(Undefined.isUndefined(group) ? null : group.toString());
        }
        return groups;
    }
}
