package dev.gatehouse.expression;

import dev.gatehouse.expression.value.Coercion;
import dev.gatehouse.expression.value.HeaderFields;
import dev.gatehouse.expression.value.JsonText;
import dev.gatehouse.expression.value.Undefined;
import io.netty.util.AsciiString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Token;
import org.mozilla.javascript.ast.AstNode;
import org.mozilla.javascript.ast.AstRoot;
import org.mozilla.javascript.ast.ConditionalExpression;
import org.mozilla.javascript.ast.ElementGet;
import org.mozilla.javascript.ast.ExpressionStatement;
import org.mozilla.javascript.ast.FunctionCall;
import org.mozilla.javascript.ast.InfixExpression;
import org.mozilla.javascript.ast.KeywordLiteral;
import org.mozilla.javascript.ast.Name;
import org.mozilla.javascript.ast.NewExpression;
import org.mozilla.javascript.ast.NumberLiteral;
import org.mozilla.javascript.ast.ParenthesizedExpression;
import org.mozilla.javascript.ast.PropertyGet;
import org.mozilla.javascript.ast.StringLiteral;
import org.mozilla.javascript.ast.TemplateCharacters;
import org.mozilla.javascript.ast.TemplateLiteral;
import org.mozilla.javascript.ast.UnaryExpression;

/**
 * Turns the common shapes of expressions into closures.
 *
 * <p>Idea: walk the parser's tree once; where every node is understood, no engine is needed. Every method answers null
 * for what it does not understand, and then the whole expression goes to the engine. Nothing is ever half compiled, so
 * results cannot differ by accident; a property test compares both sides on random expressions.
 */
final class FastPath {
    private FastPath() {}

    /** The closure for a program, or null when it needs the engine. */
    static @Nullable Direct compile(AstRoot root) {
        AstNode expression = onlyExpression(root);
        return expression == null ? null : node(expression);
    }

    /** The expression of a program that is one expression statement, else null. */
    static @Nullable AstNode onlyExpression(AstRoot root) {
        return root.getFirstChild() instanceof ExpressionStatement only && only.getNext() == null
                ? only.getExpression()
                : null;
    }

    private static @Nullable Direct node(AstNode node) {
        if (node instanceof ParenthesizedExpression inner) {
            return node(inner.getExpression());
        }
        if (node instanceof StringLiteral text) {
            return constant(text.getValue());
        }
        if (node instanceof NumberLiteral number) {
            return constant(number.getNumber());
        }
        if (node instanceof TemplateLiteral template) {
            return template(template);
        }
        if (node instanceof ConditionalExpression choice) {
            return choice(choice);
        }
        if (node instanceof Name || node instanceof PropertyGet || node instanceof ElementGet) {
            return members(node);
        }
        if (node instanceof FunctionCall call) {
            return call(call);
        }
        if (node instanceof InfixExpression infix) {
            return infix(infix);
        }
        return node instanceof UnaryExpression unary ? unary(unary) : keyword(node);
    }

    private static Direct constant(@Nullable Object value) {
        return x -> value;
    }

    private static @Nullable Direct keyword(AstNode node) {
        if (!(node instanceof KeywordLiteral)) {
            return null;
        }
        return switch (node.getType()) {
            case Token.TRUE -> constant(true);
            case Token.FALSE -> constant(false);
            case Token.NULL -> constant(null);
            default -> null;
        };
    }

    private static @Nullable Direct template(TemplateLiteral template) {
        List<Direct> parts = new ArrayList<>();
        for (AstNode element : template.getElements()) {
            Direct part = element instanceof TemplateCharacters text ? constant(text.getValue()) : node(element);
            if (part == null) {
                return null;
            }
            parts.add(part);
        }
        Direct[] all = parts.toArray(new Direct[0]);
        return x -> {
            StringBuilder text = new StringBuilder();
            for (Direct part : all) {
                text.append(Coercion.text(part.value(x)));
            }
            return text.toString();
        };
    }

    private static @Nullable Direct choice(ConditionalExpression choice) {
        Direct test = node(choice.getTestExpression());
        Direct yes = node(choice.getTrueExpression());
        Direct no = node(choice.getFalseExpression());
        if (test == null || yes == null || no == null) {
            return null;
        }
        return x -> Coercion.truthy(test.value(x)) ? yes.value(x) : no.value(x);
    }

    private static @Nullable Direct unary(UnaryExpression unary) {
        Direct operand = node(unary.getOperand());
        if (operand == null) {
            return null;
        }
        return switch (unary.getType()) {
            case Token.NOT -> x -> !Coercion.truthy(operand.value(x));
            case Token.NEG -> x -> -Coercion.number(operand.value(x));
            case Token.POS -> x -> Coercion.number(operand.value(x));
            default -> null;
        };
    }

    private static @Nullable Direct infix(InfixExpression infix) {
        Direct left = node(infix.getLeft());
        Direct right = node(infix.getRight());
        if (left == null || right == null) {
            return null;
        }
        boolean comparesWithLiteral = isLiteral(infix.getLeft()) || isLiteral(infix.getRight());
        return switch (infix.getType()) {
            case Token.AND ->
                x -> {
                    Object value = left.value(x);
                    return Coercion.truthy(value) ? right.value(x) : value;
                };
            case Token.OR ->
                x -> {
                    Object value = left.value(x);
                    return Coercion.truthy(value) ? value : right.value(x);
                };
            case Token.NULLISH_COALESCING ->
                x -> {
                    Object value = left.value(x);
                    return value == null || value == Undefined.INSTANCE ? right.value(x) : value;
                };
            case Token.ADD -> x -> Coercion.sum(left.value(x), right.value(x));
            default -> comparesWithLiteral ? comparison(infix.getType(), left, right) : null;
        };
    }

    /** With a literal on one side no two objects are compared: their identity is the engine's business. */
    private static @Nullable Direct comparison(int operator, Direct left, Direct right) {
        return switch (operator) {
            case Token.SHEQ -> x -> Coercion.strictlyEqual(left.value(x), right.value(x));
            case Token.SHNE -> x -> !Coercion.strictlyEqual(left.value(x), right.value(x));
            case Token.EQ -> x -> Coercion.looselyEqual(left.value(x), right.value(x));
            case Token.NE -> x -> !Coercion.looselyEqual(left.value(x), right.value(x));
            case Token.LT -> x -> Coercion.less(left.value(x), right.value(x));
            case Token.LE -> x -> Coercion.lessOrEqual(left.value(x), right.value(x));
            case Token.GT -> x -> Coercion.greater(left.value(x), right.value(x));
            case Token.GE -> x -> Coercion.greaterOrEqual(left.value(x), right.value(x));
            default -> null;
        };
    }

    private static boolean isLiteral(AstNode node) {
        return node instanceof StringLiteral
                || node instanceof NumberLiteral
                || node instanceof TemplateLiteral
                || (node instanceof KeywordLiteral && node.getType() != Token.THIS)
                || (node instanceof Name name && name.getIdentifier().equals("undefined"));
    }

    private static @Nullable Direct members(AstNode node) {
        Deque<String> keys = new ArrayDeque<>();
        AstNode at = node;
        while (!(at instanceof Name)) {
            if (at instanceof PropertyGet get && get.getType() == Token.GETPROP) {
                keys.addFirst(get.getProperty().getIdentifier());
                at = get.getTarget();
            } else if (at instanceof ElementGet get && get.getType() == Token.GETELEM && key(get) != null) {
                keys.addFirst(String.valueOf(key(get)));
                at = get.getTarget();
            } else {
                return null;
            }
        }
        String root = ((Name) at).getIdentifier();
        return switch (root) {
            case "undefined" -> keys.isEmpty() ? constant(Undefined.INSTANCE) : null;
            case "NaN" -> keys.isEmpty() ? constant(Double.NaN) : null;
            case "Infinity" -> keys.isEmpty() ? constant(Double.POSITIVE_INFINITY) : null;
            default -> Members.compile(root, List.copyOf(keys));
        };
    }

    private static @Nullable String key(ElementGet get) {
        AstNode element = get.getElement();
        if (element instanceof StringLiteral text) {
            return text.getValue();
        }
        return element instanceof NumberLiteral number ? Coercion.text(number.getNumber()) : null;
    }

    /** {@code req.get('x')}, {@code req.isAuthenticated()}, {@code JSON.stringify(consumer)}. */
    private static @Nullable Direct call(FunctionCall call) {
        if (call instanceof NewExpression
                || call.getType() != Token.CALL
                || !(call.getTarget() instanceof PropertyGet function)
                || function.getType() != Token.GETPROP
                || !(function.getTarget() instanceof Name owner)) {
            return null;
        }
        List<AstNode> arguments = call.getArguments();
        AstNode only = arguments.size() == 1 ? arguments.get(0) : null;
        return switch (owner.getIdentifier() + "." + function.getProperty().getIdentifier()) {
            case "req.get", "req.header" -> only instanceof StringLiteral name ? header(name.getValue()) : null;
            case "res.get", "res.getHeader" -> only instanceof StringLiteral name ? field(name.getValue()) : null;
            case "req.isAuthenticated" -> arguments.isEmpty() ? x -> x.identity() != null : null;
            case "req.isUnauthenticated" -> arguments.isEmpty() ? x -> x.identity() == null : null;
            case "JSON.stringify" -> only == null ? null : json(node(only));
            default -> null;
        };
    }

    private static Direct header(String name) {
        AsciiString key = AsciiString.cached(name.toLowerCase(Locale.ROOT));
        return x -> HeaderFields.lookup(x.request().headers(), key);
    }

    private static Direct field(String name) {
        AsciiString key = AsciiString.cached(name.toLowerCase(Locale.ROOT));
        return x -> HeaderFields.value(x.draft().headers(), key);
    }

    private static @Nullable Direct json(@Nullable Direct argument) {
        if (argument == null) {
            return null;
        }
        return x -> {
            String text = JsonText.of(argument.value(x));
            return text == null ? Undefined.INSTANCE : text;
        };
    }
}
