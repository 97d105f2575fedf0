package dev.gatehouse.expression.engine;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.expression.value.ExpressionSyntaxException;
import dev.gatehouse.expression.value.ScriptState;
import java.util.Set;
import org.mozilla.javascript.Callable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ContextFactory;
import org.mozilla.javascript.RhinoException;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/**
 * The one engine of the process. It starts when the first program is compiled, so that a configuration whose
 * expressions all take the fast path never pays for it.
 */
public final class Engine {
    static final String SOURCE_NAME = "expression";

    private static final int INSTRUCTIONS_PER_CHECK = 10_000;
    private static final int DEEPEST_CALL = 1_000;

    /** Loaded on first use. */
    private static final class Holder {
        static final Engine INSTANCE = new Engine();
    }

    private final ContextFactory factory = new Factory();
    private final ScriptableObject shared;
    private final ScriptableObject requestPrototype;
    private final ScriptableObject responsePrototype;

    private Engine() {
        EngineContext context = enter();
        try {
            shared = SharedScope.build(context);
            requestPrototype = RequestFunctions.prototype(shared);
            responsePrototype = ResponseFunctions.prototype(shared);
        } finally {
            Context.exit();
        }
    }

    /** The engine, started if necessary: about 0.1 s. */
    public static Engine started() {
        return Holder.INSTANCE;
    }

    /**
     * Compiles a program to interpreted code. Start-up thread, or any other.
     *
     * @param identityReads names read directly from {@code consumer} or {@code req.user}
     */
    public Program compile(String source, Set<String> identityReads) throws ExpressionSyntaxException {
        EngineContext context = enter();
        try {
            Script script = context.compiling(() -> context.compileString(source, SOURCE_NAME, 1, null));
            return new Program(this, script, identityReads);
        } catch (RhinoException refused) {
            throw ExpressionSyntaxException.malformed(
                    refused.details(), Math.max(1, refused.lineNumber()), Math.max(1, refused.columnNumber()));
        } finally {
            Context.exit();
        }
    }

    /** Enters the engine on this thread; to be left with {@link Context#exit()}. */
    EngineContext enter() {
        return (EngineContext) factory.enterContext();
    }

    ScriptableObject shared() {
        return shared;
    }

    /** The global object of {@code exchange}, made on first use. */
    Globals globals(Exchange exchange) {
        ScriptState state = ScriptState.of(exchange);
        if (state.scope() instanceof Globals globals) {
            return globals;
        }
        Globals globals = new Globals(shared, requestPrototype, responsePrototype, exchange);
        state.scope(globals);
        return globals;
    }

    private static final class Factory extends ContextFactory {
        @Override
        protected Context makeContext() {
            EngineContext context = new EngineContext(this);
            context.setLanguageVersion(Context.VERSION_ES6);
            context.setInterpretedMode(true);
            context.setInstructionObserverThreshold(INSTRUCTIONS_PER_CHECK);
            context.setMaximumInterpreterStackDepth(DEEPEST_CALL);
            context.setClassShutter(name -> false);
            return context;
        }

        @Override
        protected boolean hasFeature(Context context, int feature) {
            return switch (feature) {
                case Context.FEATURE_E4X, Context.FEATURE_PARENT_PROTO_PROPERTIES -> false;
                default -> super.hasFeature(context, feature);
            };
        }

        /** As inherited, but for a long text: putting it together is not bounded. */
        @Override
        protected Object doTopCall(
                Callable callable, Context context, Scriptable scope, Scriptable self, Object[] args) {
            return callable.call(context, scope, self, args);
        }

        @Override
        protected Object doTopCall(Script script, Context context, Scriptable scope, Scriptable self) {
            return script.exec(context, scope, self);
        }

        @Override
        protected void observeInstructionCount(Context context, int count) {
            ((EngineContext) context).check();
        }
    }
}
