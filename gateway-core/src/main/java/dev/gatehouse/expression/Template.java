package dev.gatehouse.expression;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.expression.value.Coercion;
import dev.gatehouse.expression.value.ExpressionFailure;
import dev.gatehouse.expression.value.ExpressionSyntaxException;
import java.util.Set;

/**
 * A text with <code>${…}</code> in it: a template literal of JavaScript without its backticks, so that a backtick
 * inside is an error. Immutable and safe on any thread.
 */
public final class Template {
    private final Expression literal;
    private final Set<String> words;

    private Template(Expression literal, Set<String> words) {
        this.literal = literal;
        this.words = words;
    }

    /**
     * Compiles {@code text}. Start-up thread.
     *
     * @throws ExpressionSyntaxException with the position within {@code text}
     */
    public static Template compile(String text) throws ExpressionSyntaxException {
        try {
            String source = "`" + text + "`";
            return new Template(Expression.compile(source), ScriptNames.words(SourceParser.parse(source)));
        } catch (ExpressionSyntaxException wrapped) {
            int column = wrapped.line() == 1 ? Math.max(1, wrapped.column() - 1) : wrapped.column();
            throw wrapped.isUnsupported()
                    ? ExpressionSyntaxException.unsupported(wrapped.getMessage(), wrapped.line(), column)
                    : ExpressionSyntaxException.malformed(wrapped.getMessage(), wrapped.line(), column);
        }
    }

    /** Every identifier, property name and quoted text between <code>${</code> and <code>}</code>, in lower case. */
    public Set<String> words() {
        return words;
    }

    /**
     * The text for one request. Event loop of {@code exchange}.
     *
     * @throws ExpressionFailure when a part throws or passes a limit
     */
    public String text(Exchange exchange) {
        return Coercion.text(literal.value(exchange));
    }
}
