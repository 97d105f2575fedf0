package dev.gatehouse.expression;

import dev.gatehouse.exchange.AuthTrail;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.expression.engine.Engine;
import dev.gatehouse.expression.engine.Program;
import dev.gatehouse.expression.value.Coercion;
import dev.gatehouse.expression.value.ExpressionFailure;
import dev.gatehouse.expression.value.ExpressionSyntaxException;
import dev.gatehouse.expression.value.ScriptState;
import dev.gatehouse.expression.value.Undefined;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.ast.AstNode;
import org.mozilla.javascript.ast.AstRoot;
import org.mozilla.javascript.ast.Name;

/**
 * A JavaScript expression or program; its value is that of the last statement.
 *
 * <p>Immutable and safe on any thread. Evaluation happens on the event loop of the exchange, takes at most 50 ms and
 * reaches nothing but the exchange.
 */
public final class Expression {
    private static final Set<String> KNOWN_WORDS = Set.of(
            "req",
            "res",
            "apiEndpoint",
            "consumer",
            "requestID",
            "requestStream",
            "egContext",
            "run",
            "match",
            "evaluateAsTemplateString",
            "console",
            "globalThis",
            "undefined",
            "NaN",
            "Infinity",
            "Object",
            "Array",
            "String",
            "Number",
            "Boolean",
            "Symbol",
            "Math",
            "JSON",
            "Date",
            "RegExp",
            "Promise",
            "Map",
            "Set",
            "WeakMap",
            "WeakSet",
            "Reflect",
            "Error",
            "Function",
            "isNaN",
            "isFinite",
            "parseInt",
            "parseFloat",
            "encodeURI",
            "encodeURIComponent",
            "decodeURI",
            "decodeURIComponent",
            "escape",
            "unescape");

    private final String source;
    private final Set<String> identityReads;
    private final Set<String> variables;
    private final Set<String> namesOfNode;
    private final @Nullable String unknownWord;
    private final @Nullable Direct direct;
    private volatile @Nullable Program program;

    private Expression(String source, AstRoot root) {
        this.source = source;
        this.identityReads = SourceParser.identityReads(root);
        this.variables = ScriptNames.assigned(root);
        this.namesOfNode = ScriptNames.ofNode(root);
        this.unknownWord = unknownWord(root);
        this.direct = FastPath.compile(root);
    }

    /**
     * Compiles {@code source}. Start-up thread.
     *
     * @throws ExpressionSyntaxException when it is not JavaScript, or newer than the engine knows
     */
    public static Expression compile(String source) throws ExpressionSyntaxException {
        Expression expression = new Expression(source, SourceParser.parse(source));
        if (expression.direct == null) {
            expression.program = Engine.started().compile(source, expression.identityReads);
        }
        return expression;
    }

    /**
     * The only word of the expression when it names nothing that scripts know; otherwise null. Such a value was most
     * likely meant as text: it lacks quotes of its own.
     */
    public @Nullable String unknownWord() {
        return unknownWord;
    }

    /** The variables and functions that it may leave for later steps of the same request. */
    public Set<String> variables() {
        return variables;
    }

    /** The globals of Node.js that it reads, such as {@code process}: there they fail. */
    public Set<String> namesOfNode() {
        return namesOfNode;
    }

    private static @Nullable String unknownWord(AstRoot root) {
        AstNode only = FastPath.onlyExpression(root);
        return only instanceof Name name && !KNOWN_WORDS.contains(name.getIdentifier()) ? name.getIdentifier() : null;
    }

    /**
     * The value: a String, Boolean, Number, List, Map, null or {@code Undefined}. Dates, regular expressions and
     * functions are given as text. Event loop of {@code exchange}.
     *
     * @throws ExpressionFailure when the script throws or passes a limit
     */
    public @Nullable Object value(Exchange exchange) {
        Direct closure = direct;
        if (closure == null || ScriptState.touched(exchange)) {
            return program().value(exchange);
        }
        return closure.value(exchange);
    }

    /**
     * As {@link #value}, but undefined when it reads a claim of a client that an authentication policy let pass without
     * one. Where no such policy ran, {@code consumer} can never have a value: that is a mistake in the file and fails.
     */
    public @Nullable Object valueIfKnown(Exchange exchange) {
        try {
            return value(exchange);
        } catch (ExpressionFailure failure) {
            if (failure.kind() == ExpressionFailure.Kind.NO_IDENTITY && passedThrough(exchange.auth())) {
                return Undefined.INSTANCE;
            }
            throw failure;
        }
    }

    private static boolean passedThrough(AuthTrail auth) {
        return auth.result() != AuthTrail.Result.NONE || auth.reason() != null;
    }

    /**
     * Runs it for its effects on the exchange. Event loop of {@code exchange}.
     *
     * @throws ExpressionFailure when the script throws or passes a limit
     */
    public void run(Exchange exchange) {
        Direct closure = direct;
        if (closure == null || ScriptState.touched(exchange)) {
            program().run(exchange);
        } else {
            var unused = closure.value(exchange);
        }
    }

    /** Whether the value is true as a condition. As {@link #value} otherwise. */
    public boolean truthy(Exchange exchange) {
        Direct closure = direct;
        if (closure == null || ScriptState.touched(exchange)) {
            return program().truthy(exchange);
        }
        return Coercion.truthy(closure.value(exchange));
    }

    /** The closure of the fast path; null when the expression needs the engine. */
    @Nullable
    Direct direct() {
        return direct;
    }

    /** The program; compiled late only where a script of another step left values that the closure cannot see. */
    Program program() {
        Program known = program;
        if (known == null) {
            try {
                known = Engine.started().compile(source, identityReads);
            } catch (ExpressionSyntaxException impossible) {
                throw new IllegalStateException("the parser and the engine disagree", impossible);
            }
            program = known;
        }
        return known;
    }
}
