package dev.gatehouse.policies.rewrite;

import dev.gatehouse.config.bind.Located;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.PolicyContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compiles patterns where they stand in a configuration file, and finds those beside a step. Start-up thread. */
final class WrittenMatch {
    private WrittenMatch() {}

    /**
     * Compiles the parameter {@code match} of a condition.
     *
     * @throws ConfigProblem E0492 when it is no pattern
     */
    static TargetMatch compile(String condition, Located<String> written, PolicyContext context) {
        String path = context.step().path() + ".condition.match";
        boolean express = condition.equals(PathmatchCondition.NAME);
        try {
            if (express && !written.value().startsWith("/") && !written.value().startsWith("*")) {
                throw new IllegalArgumentException("it does not begin with '/', as every path does");
            }
            return express ? new ExpressMatch(written.value()) : new RegexMatch(written.value());
        } catch (IllegalArgumentException invalid) {
            String what = express ? "path pattern" : "regular expression";
            throw new ConfigProblem(new Problem(
                    "E0492",
                    Severity.ERROR,
                    written.span(),
                    path,
                    "'" + written.value() + "' cannot be used as a " + what + ": " + invalid.getMessage(),
                    List.of(
                            express
                                    ? "patterns have the syntax of 'paths', such as '/orders/:id'."
                                    : "patterns have the syntax of JavaScript.")));
        }
    }

    /**
     * The patterns that may be true when the condition of the step is, the one that counts first: of {@code allOf} the
     * last one, because it is asked last, of {@code oneOf} the first one that matches.
     *
     * @throws ConfigProblem when one of them is no pattern
     */
    static List<TargetMatch> besideStep(PolicyContext context) {
        List<TargetMatch> found = new ArrayList<>();
        collect(context.step().condition(), context, found);
        return found;
    }

    private static void collect(@Nullable Node node, PolicyContext context, List<TargetMatch> found) {
        if (!(node instanceof Node.Mapping condition)) {
            return;
        }
        String name = condition.get("name") instanceof Node.Scalar scalar ? scalar.text() : "";
        switch (name) {
            case PathmatchCondition.NAME, RegexpmatchCondition.NAME -> {
                // Anything but a text is reported by the condition itself.
                if (condition.get("match") instanceof Node.Scalar match && match.value() != null) {
                    found.add(compile(name, new Located<>(match.text(), match.span()), context));
                }
            }
            case "allOf" -> {
                List<Node> reversed = new ArrayList<>(children(condition));
                Collections.reverse(reversed);
                reversed.forEach(child -> collect(child, context, found));
            }
            case "oneOf" -> children(condition).forEach(child -> collect(child, context, found));
            default -> {}
        }
    }

    private static List<Node> children(Node.Mapping condition) {
        return condition.get("conditions") instanceof Node.Sequence sequence ? sequence.items() : List.of();
    }
}
