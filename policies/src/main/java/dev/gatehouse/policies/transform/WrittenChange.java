package dev.gatehouse.policies.transform;

import dev.gatehouse.config.bind.Located;
import dev.gatehouse.expression.Expression;
import dev.gatehouse.expression.value.HeaderFields;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.policy.WrittenExpression;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compiles changes and reports what is wrong with them. Start-up thread. */
final class WrittenChange {
    /** One name and the expression of its value. */
    record Addition(String name, Expression value) {}

    private final PolicyContext context;
    private final String action;

    WrittenChange(PolicyContext context) {
        this.context = context;
        this.action = context.step().path() + ".action";
    }

    /** Reports a step that changes nothing, or only part of which does. */
    void check(@Nullable Change headers, @Nullable Change body) {
        if (headers == null && body == null) {
            report("'headers' or 'body' is needed", action, "say what to add or to remove.");
        }
        check(headers, action + ".headers");
        check(body, action + ".body");
    }

    private void check(@Nullable Change change, String path) {
        if (change != null && change.add() == null && change.remove() == null) {
            report("'add' or 'remove' is needed", path, "say what to add or to remove.");
        } else if (change != null && change.add() != null && change.add().isEmpty()) {
            report("'add' is empty", path + ".add", "write a name and an expression, or leave 'add' out.");
        }
    }

    private void report(String message, String path, String hint) {
        context.problems().error("E0481", context.step().span(), path, message, hint);
    }

    @Nullable
    HeaderChange headers(@Nullable Change change) {
        if (change == null) {
            return null;
        }
        String path = action + ".headers";
        List<Addition> additions = additions(change, path);
        additions.removeIf(addition -> !mayBeAdded(addition.name(), change, path));
        List<String> removals = removals(change);
        removals.removeIf(name -> !mayBeRemoved(name, change, path));
        return new HeaderChange(additions, removals);
    }

    @Nullable
    BodyChange body(@Nullable Change change) {
        return change == null ? null : new BodyChange(additions(change, action + ".body"), removals(change));
    }

    private List<Addition> additions(Change change, String path) {
        List<Addition> additions = new ArrayList<>();
        if (change.add() != null) {
            change.add().forEach((name, value) -> {
                try {
                    additions.add(
                            new Addition(name, WrittenExpression.expression(value, path + ".add." + name, context)));
                } catch (ConfigProblem wrong) {
                    context.problems().add(wrong.problem());
                }
            });
        }
        return additions;
    }

    private static List<String> removals(Change change) {
        List<String> names = new ArrayList<>();
        if (change.remove() != null) {
            change.remove().forEach(name -> names.add(name.value()));
        }
        return names;
    }

    private boolean mayBeAdded(String name, Change change, String path) {
        boolean possible = HeaderFields.isName(name);
        if (possible && !HeaderFields.isEngineOwned(name)) {
            return true;
        }
        Located<String> value = change.add() == null ? null : change.add().get(name);
        context.problems()
                .error(
                        "E0482",
                        value == null ? context.step().span() : value.span(),
                        path + ".add." + name,
                        possible
                                ? "header '" + name + "' belongs to the connection and cannot be set by a policy"
                                : "'" + name + "' cannot be the name of a header",
                        "choose another name.");
        return false;
    }

    private boolean mayBeRemoved(String name, Change change, String path) {
        if (HeaderFields.isName(name) && !HeaderFields.isEngineOwned(name)) {
            return true;
        }
        List<Located<String>> all = change.remove() == null ? List.of() : change.remove();
        all.stream()
                .filter(written -> written.value().equals(name))
                .forEach(written -> context.problems()
                        .warn(
                                "W0481",
                                written.span(),
                                path + ".remove",
                                "removing '" + name + "' has no effect",
                                "the gateway frames every message by itself; leave it out."));
        return false;
    }
}
