package dev.gatehouse.expression;

import dev.gatehouse.expression.value.Coercion;
import dev.gatehouse.expression.value.ExpressionSyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.CompilerEnvirons;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.EvaluatorException;
import org.mozilla.javascript.Parser;
import org.mozilla.javascript.ast.AstNode;
import org.mozilla.javascript.ast.AstRoot;
import org.mozilla.javascript.ast.BigIntLiteral;
import org.mozilla.javascript.ast.ElementGet;
import org.mozilla.javascript.ast.IdeErrorReporter;
import org.mozilla.javascript.ast.Name;
import org.mozilla.javascript.ast.NumberLiteral;
import org.mozilla.javascript.ast.PropertyGet;
import org.mozilla.javascript.ast.StringLiteral;

/** Parses JavaScript with Rhino's parser and says what is wrong with it, in the operator's words. */
final class SourceParser {
    private static final List<Construct> UNSUPPORTED = List.of(
            new Construct("\\bclass\\b", "classes are not supported in expressions"),
            new Construct("\\b(?:async|await)\\b", "async functions are not supported in expressions"),
            new Construct("\\bimport\\b", "modules are not supported in expressions"),
            new Construct("\\(\\s*\\.\\.\\.[^)]*\\)\\s*=>", "rest parameters of arrow functions are not supported"),
            new Construct("\\w\\s*\\([^)]*\\.\\.\\.", "spread in calls is not supported in expressions"),
            new Construct("for\\s*\\(\\s*const\\b", "'const' in a loop head is not supported, write 'let'"));

    /** A construct of newer JavaScript, as it looks in a text that could not be parsed. */
    private record Construct(Pattern pattern, String message) {
        Construct(String regex, String message) {
            this(Pattern.compile(regex), message);
        }
    }

    private SourceParser() {}

    /** The tree of {@code source}. */
    static AstRoot parse(String source) throws ExpressionSyntaxException {
        CompilerEnvirons settings = new CompilerEnvirons();
        settings.setLanguageVersion(Context.VERSION_ES6);
        settings.setXmlAvailable(false);
        FirstError first = new FirstError();
        try {
            AstRoot root = new Parser(settings, first).parse(source, "expression", 1);
            refuseBigIntegers(source, root);
            return root;
        } catch (EvaluatorException refused) {
            throw explained(source, first.message == null ? "syntax error" : first.message, first.offset);
        } catch (StackOverflowError tooDeep) {
            throw ExpressionSyntaxException.malformed("the expression is nested too deeply", 1, 1);
        }
    }

    /** Operations on these integers cannot be bounded in time. */
    private static void refuseBigIntegers(String source, AstRoot root) throws ExpressionSyntaxException {
        List<AstNode> found = new ArrayList<>();
        root.visit(node -> {
            if (node instanceof BigIntLiteral) {
                found.add(node);
            }
            return true;
        });
        if (!found.isEmpty()) {
            int offset = found.get(0).getAbsolutePosition();
            throw ExpressionSyntaxException.unsupported(
                    "big integers are not supported in expressions", line(source, offset), column(source, offset));
        }
    }

    private static ExpressionSyntaxException explained(String source, String message, int offset) {
        for (Construct construct : UNSUPPORTED) {
            var match = construct.pattern().matcher(source);
            if (match.find()) {
                int at = match.start();
                return ExpressionSyntaxException.unsupported(construct.message(), line(source, at), column(source, at));
            }
        }
        int at = Math.max(0, Math.min(offset, source.length()));
        return ExpressionSyntaxException.malformed(message, line(source, at), column(source, at));
    }

    /** Line of an offset, from 1. */
    static int line(String source, int offset) {
        return 1
                + (int) source.substring(0, offset)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
    }

    /** Column of an offset in its line, from 1. */
    static int column(String source, int offset) {
        return offset - source.lastIndexOf('\n', offset - 1);
    }

    /** Names of the properties that are read directly from {@code consumer} or {@code req.user}. */
    static Set<String> identityReads(AstRoot root) {
        Set<String> names = new HashSet<>();
        root.visit(node -> {
            if (node instanceof PropertyGet get && isIdentity(get.getTarget())) {
                names.add(get.getProperty().getIdentifier());
            } else if (node instanceof ElementGet get && isIdentity(get.getTarget())) {
                if (get.getElement() instanceof StringLiteral key) {
                    names.add(key.getValue());
                } else if (get.getElement() instanceof NumberLiteral key) {
                    names.add(Coercion.text(key.getNumber()));
                }
            }
            return true;
        });
        return names;
    }

    /** {@code consumer}, {@code req.user}, {@code egContext.consumer} or {@code egContext.req.user}. */
    private static boolean isIdentity(AstNode node) {
        if (isName(node, "consumer")) {
            return true;
        }
        if (!(node instanceof PropertyGet get)) {
            return false;
        }
        AstNode owner = get.getTarget();
        return switch (get.getProperty().getIdentifier()) {
            case "consumer" -> isName(owner, "egContext");
            case "user" -> isName(owner, "req") || isRequestOfContext(owner);
            default -> false;
        };
    }

    private static boolean isRequestOfContext(AstNode node) {
        return node instanceof PropertyGet get
                && get.getProperty().getIdentifier().equals("req")
                && isName(get.getTarget(), "egContext");
    }

    private static boolean isName(AstNode node, String identifier) {
        return node instanceof Name name && name.getIdentifier().equals(identifier);
    }

    /** Keeps the first error: the later ones follow from it. */
    private static final class FirstError implements IdeErrorReporter {
        private @Nullable String message;
        private int offset;

        private void keep(String text, int at) {
            if (message == null) {
                message = text;
                offset = at;
            }
        }

        @Override
        public void error(String text, String source, int at, int length) {
            keep(text, at);
        }

        @Override
        public void error(String text, String source, int line, @Nullable String lineSource, int at) {
            keep(text, 0);
        }

        @Override
        public void warning(String text, String source, int at, int length) {
            // Style advice; the program is valid.
        }

        @Override
        public void warning(String text, String source, int line, @Nullable String lineSource, int at) {
            // Style advice; the program is valid.
        }

        @Override
        public EvaluatorException runtimeError(
                String text, String source, int line, @Nullable String lineSource, int at) {
            keep(text, 0);
            return new EvaluatorException(text);
        }
    }
}
