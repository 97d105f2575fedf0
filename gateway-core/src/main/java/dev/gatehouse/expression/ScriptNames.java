package dev.gatehouse.expression;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.mozilla.javascript.Token;
import org.mozilla.javascript.ast.ArrayLiteral;
import org.mozilla.javascript.ast.Assignment;
import org.mozilla.javascript.ast.AstNode;
import org.mozilla.javascript.ast.AstRoot;
import org.mozilla.javascript.ast.ForInLoop;
import org.mozilla.javascript.ast.FunctionNode;
import org.mozilla.javascript.ast.Name;
import org.mozilla.javascript.ast.ObjectLiteral;
import org.mozilla.javascript.ast.ObjectProperty;
import org.mozilla.javascript.ast.PropertyGet;
import org.mozilla.javascript.ast.StringLiteral;
import org.mozilla.javascript.ast.UnaryExpression;
import org.mozilla.javascript.ast.VariableInitializer;

/** Finds names in the tree of a script, for what is checked at start. */
final class ScriptNames {
    private static final Set<String> GLOBAL_OBJECT = Set.of("egContext", "globalThis");

    private static final Set<String> NODE = Set.of(
            "process",
            "require",
            "module",
            "exports",
            "global",
            "Buffer",
            "setTimeout",
            "setInterval",
            "setImmediate",
            "fetch",
            "URL",
            "URLSearchParams",
            "atob",
            "btoa");

    private ScriptNames() {}

    /** Names that the script declares or assigns, at any depth: rather one too many than a start refused in error. */
    static Set<String> assigned(AstRoot root) {
        Set<String> names = new HashSet<>();
        root.visit(node -> {
            if (node instanceof Assignment assignment) {
                add(names, assignment.getLeft());
            } else if (node instanceof VariableInitializer variable) {
                add(names, variable.getTarget());
            } else if (node instanceof ForInLoop loop) {
                add(names, loop.getIterator());
            } else if (node instanceof FunctionNode function) {
                names.add(function.getName());
            }
            return true;
        });
        names.remove("");
        return Set.copyOf(names);
    }

    /** A name, all names of a destructuring pattern, or a property of the global object. */
    private static void add(Set<String> names, AstNode target) {
        if (target instanceof PropertyGet get) {
            if (get.getTarget() instanceof Name owner && GLOBAL_OBJECT.contains(owner.getIdentifier())) {
                names.add(get.getProperty().getIdentifier());
            }
        } else if (target instanceof Name || target instanceof ArrayLiteral || target instanceof ObjectLiteral) {
            target.visit(node -> {
                if (node instanceof Name name) {
                    names.add(name.getIdentifier());
                }
                return true;
            });
        }
    }

    /** Names of Node.js that the script reads and that no expression can have. */
    static Set<String> ofNode(AstRoot root) {
        Set<String> names = new HashSet<>();
        root.visit(node -> {
            if (node instanceof Name name && NODE.contains(name.getIdentifier()) && isRead(name)) {
                names.add(name.getIdentifier());
            }
            return true;
        });
        names.removeAll(assigned(root));
        return names;
    }

    /** Whether it is a variable whose value is needed: no key, and nothing that is only asked for its type. */
    private static boolean isRead(Name name) {
        AstNode parent = name.getParent();
        boolean isMember =
                parent instanceof PropertyGet get && get.getProperty().equals(name);
        boolean isKey =
                parent instanceof ObjectProperty property && property.getKey().equals(name);
        boolean isTypeOnly = parent instanceof UnaryExpression unary && unary.getType() == Token.TYPEOF;
        return !isMember && !isKey && !isTypeOnly;
    }

    /** Every identifier, property name and text of the script, in lower case; the plain text of a template is none. */
    static Set<String> words(AstRoot root) {
        Set<String> words = new HashSet<>();
        root.visit(node -> {
            if (node instanceof Name name) {
                words.add(name.getIdentifier().toLowerCase(Locale.ROOT));
            } else if (node instanceof StringLiteral text) {
                words.add(text.getValue().toLowerCase(Locale.ROOT));
            }
            return true;
        });
        return words;
    }
}
