package dev.gatehouse.cli.migrate;

import dev.gatehouse.config.yaml.Node;
import java.util.List;
import java.util.function.Consumer;

/** What is otherwise with tokens that an authorization server judges. */
final class IntrospectRules {
    private static final String POLICY = "oauth2-introspect";
    private static final String STATUS = "keep old: compat.status: express-gateway";

    static final List<Rule> ALL = List.of(
            StepRule.safer(
                    POLICY,
                    step -> standard(step)
                            && step.endpoints().stream()
                                    .anyMatch(endpoint -> !endpoint.scopes().isEmpty()),
                    "answers 403 for a missing scope (was 401)",
                    STATUS),
            StepRule.safer(
                    POLICY,
                    step -> standard(step) && !lets(step),
                    "answers 503 when the authorization server is down (was 401)",
                    STATUS),
            StepRule.safer(
                    POLICY,
                    IntrospectRules::standard,
                    "answers 400 for two tokens or a malformed header (was 401)",
                    STATUS),
            StepRule.safer(
                            POLICY,
                            step -> lets(step) && !step.has("passThroughOn"),
                            "answers 503 when the authorization server is down (was: passed as anonymous)",
                            "keep old: passThroughOn: always")
                    .at("passThrough"),
            IntrospectRules::shared,
            StepRule.safer(
                    POLICY,
                    step -> !step.text("ttl").equals("0"),
                    "a cached answer ends with its token (could outlive it)",
                    Finding.FOR_GOOD),
            StepRule.safer(
                            POLICY,
                            step -> step.text("ttl").equals("0") && !step.has("cache.ttlZero"),
                            "ttl: 0 keeps an answer until its token ends (was: no cache)",
                            "keep old: cache.ttlZero: noCache")
                    .at("ttl"),
            StepRule.safer(
                    POLICY,
                    step -> !step.has("cache.negativeTtl"),
                    "a refused token is remembered for 5 s (was: asked again)",
                    "keep old: cache.negativeTtl: 0"),
            StepRule.safer(
                    POLICY,
                    step -> !step.has("tokenSources") || reads(step, "query"),
                    "a token in the query moves to Authorization (stayed in the URL)",
                    ""));

    private IntrospectRules() {}

    private static boolean standard(WrittenStep step) {
        return !step.subject().keepsStatuses() && !step.text("errors.style").equals("express-gateway");
    }

    private static boolean lets(WrittenStep step) {
        return step.text("passThrough").equals("true");
    }

    private static boolean reads(WrittenStep step, String source) {
        return step.value("tokenSources") instanceof Node.Sequence sources
                && sources.items().stream()
                        .anyMatch(item ->
                                item instanceof Node.Scalar name && name.text().equals(source));
    }

    /** Express Gateway knows an answer by its token alone. */
    private static void shared(Subject subject, Consumer<Finding> found) {
        List<WrittenStep> steps = subject.steps(POLICY);
        if (steps.stream().map(step -> step.text("endpoint")).distinct().count() > 1) {
            steps.forEach(step -> found.accept(Finding.safer(
                    step.place(), POLICY, "cached answers are no longer shared between servers", Finding.FOR_GOOD)));
        }
    }
}
