package dev.gatehouse.policy;

import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.expression.Expression;
import dev.gatehouse.expression.Template;
import dev.gatehouse.expression.value.ExpressionSyntaxException;
import java.util.List;
import java.util.Set;

/** Compiles expressions where they stand in a configuration file. Start-up thread. */
public final class WrittenExpression {
    private WrittenExpression() {}

    /**
     * Compiles a value that is an expression. It may name the variables that scripts of earlier steps of its pipeline
     * leave. Warns (W0464) where it reads what only Node.js has.
     *
     * @param path dotted path of the value
     * @throws ConfigProblem E0461 for a syntax error, E0462 for a single word that names nothing
     */
    public static Expression expression(Located<String> written, String path, PolicyContext context) {
        Set<String> variables = context.scriptVariables();
        Expression expression = expression(written, path, variables);
        variables.addAll(expression.variables());
        for (String name : expression.namesOfNode()) {
            if (!variables.contains(name)) {
                context.problems()
                        .warn(
                                "W0464",
                                written.span(),
                                path,
                                "'" + name + "' is not available in expressions: a request that gets there fails",
                                "a value of the environment is written as ${NAME} in this file.");
            }
        }
        return expression;
    }

    private static Expression expression(Located<String> written, String path, Set<String> variables) {
        Expression expression;
        try {
            expression = Expression.compile(written.value());
        } catch (ExpressionSyntaxException refused) {
            throw problem(written, path, refused);
        }
        String word = expression.unknownWord();
        if (word != null && !variables.contains(word)) {
            throw problem(
                    "E0462",
                    written.span(),
                    path,
                    "'" + word + "' is the name of nothing that an expression knows",
                    "a text needs quotes of its own: \"'" + word + "'\".");
        }
        return expression;
    }

    /**
     * Compiles a value that is a text with <code>${…}</code> in it.
     *
     * @param path dotted path of the value
     * @throws ConfigProblem E0461 for a syntax error
     */
    public static Template template(Located<String> written, String path) {
        try {
            return Template.compile(written.value());
        } catch (ExpressionSyntaxException refused) {
            throw problem(written, path, refused);
        }
    }

    private static ConfigProblem problem(Located<String> written, String path, ExpressionSyntaxException refused) {
        String place = written.value().contains("\n")
                ? "line " + refused.line() + ", column " + refused.column()
                : "column " + refused.column();
        return problem(
                "E0461",
                span(written, refused),
                path,
                "the expression cannot be understood at its " + place + ": " + refused.getMessage(),
                "expressions are JavaScript (ES6).");
    }

    /** The character itself where the text in the file is the expression, quoted or not; else the whole value. */
    private static Span span(Located<String> written, ExpressionSyntaxException refused) {
        Span all = written.span();
        int width = all.endColumn() - all.column();
        int quotes = width - written.value().length();
        if (all.line() != all.endLine() || (quotes != 0 && quotes != 2)) {
            return all;
        }
        int column = Math.min(all.column() + quotes / 2 + refused.column() - 1, all.endColumn() - 1);
        return column < all.column() ? all : new Span(all.source(), all.line(), column, all.line(), column + 1);
    }

    private static ConfigProblem problem(String code, Span span, String path, String message, String hint) {
        return new ConfigProblem(new Problem(code, Severity.ERROR, span, path, message, List.of(hint)));
    }
}
