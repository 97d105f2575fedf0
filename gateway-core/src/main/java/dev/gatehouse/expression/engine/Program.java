package dev.gatehouse.expression.engine;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.expression.value.ExpressionFailure;
import dev.gatehouse.expression.value.Undefined;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.RhinoException;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.ScriptRuntime;

/** Compiled JavaScript. Immutable; safe on any thread, run on the event loop of an exchange. */
public final class Program {
    private final Engine engine;
    private final Script script;
    private final Set<String> identityReads;

    Program(Engine engine, Script script, Set<String> identityReads) {
        this.engine = engine;
        this.script = script;
        this.identityReads = identityReads;
    }

    /**
     * The value of the last statement as a plain tree.
     *
     * @throws ExpressionFailure when the script throws or passes a limit
     */
    public @Nullable Object value(Exchange exchange) {
        boolean answered = exchange.draft().answer() != null;
        return run(exchange, result -> {
            // What res.send gives is the response, which is no value; the pipeline ends with it anyway.
            boolean answers = !answered && exchange.draft().answer() != null;
            return answers ? Undefined.INSTANCE : Trees.plain(result);
        });
    }

    /**
     * Runs the program for its effects.
     *
     * @throws ExpressionFailure when the script throws or passes a limit
     */
    public void run(Exchange exchange) {
        var unused = run(exchange, result -> Undefined.INSTANCE);
    }

    /** Whether the value is true as a condition. */
    public boolean truthy(Exchange exchange) {
        return run(exchange, ScriptRuntime::toBoolean);
    }

    /** Reads a result while the engine is still entered: conversions may run more script. */
    @FunctionalInterface
    private interface Reading<T extends @Nullable Object> {
        T of(@Nullable Object result);
    }

    private <T extends @Nullable Object> T run(Exchange exchange, Reading<T> reading) {
        EngineContext context = engine.enter();
        try {
            Globals globals = engine.globals(exchange);
            context.begin(globals);
            Object result = script.exec(context, globals, globals);
            context.processMicrotasks();
            return reading.of(result);
        } catch (RhinoException thrown) {
            throw ScriptErrors.failure(thrown, identityReads, exchange.identity() == null);
        } catch (ScriptLimit | StackOverflowError limit) {
            String reason = limit instanceof ScriptLimit ? limit.getMessage() : "the expression was nested too deeply";
            throw new ExpressionFailure(ExpressionFailure.Kind.LIMIT, String.valueOf(reason));
        } catch (IndexOutOfBoundsException | NegativeArraySizeException overflow) {
            // The engine counts the length of a text in 31 bits and does not look whether they are enough.
            throw new ExpressionFailure(ExpressionFailure.Kind.LIMIT, "the expression made a text that is too long");
        } finally {
            Context.exit();
        }
    }
}
