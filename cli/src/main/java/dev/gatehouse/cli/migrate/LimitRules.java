package dev.gatehouse.cli.migrate;

import dev.gatehouse.config.system.RedisConfig;
import dev.gatehouse.config.system.SystemConfig;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What is otherwise with counters, signed tokens and scripts. */
final class LimitRules {
    private static final String RATE = "rate-limit";
    private static final Pattern ANSWERS = Pattern.compile("\\bres\\b.*\\.(send|json|end|redirect)\\(", Pattern.DOTALL);

    static final List<Rule> ALL = List.of(
            LimitRules::ownCounters,
            StepRule.safer(
                    RATE,
                    step -> !step.has("delayAfter") && !step.has("delayMs"),
                    "warns that request 2 waits 1 s and request 5 waits 4 s (was: in silence)",
                    "say so: delayAfter, delayMs"),
            StepRule.safer(RATE, step -> true, "always answers with its status (406 for some clients)", ""),
            LimitRules::inRedis,
            StepRule.safer(
                    "jwt",
                    step -> !step.text("checkCredentialExistence").equals("false")
                            && step.endpoints().stream()
                                    .anyMatch(endpoint -> !endpoint.scopes().isEmpty()),
                    "requires the scopes of the api endpoint (were not looked at)",
                    Finding.FOR_GOOD),
            StepRule.safer(
                            "expression",
                            step -> ANSWERS.matcher(step.text("jscode")).find(),
                            "ends the pipeline once it has answered (the service was asked, too)",
                            Finding.FOR_GOOD)
                    .at("jscode"));

    private LimitRules() {}

    /** Express Gateway counts by the key alone, whatever step or pipeline counts. */
    private static void ownCounters(Subject subject, Consumer<Finding> found) {
        List<WrittenStep> steps = subject.steps(RATE);
        if (steps.size() > 1) {
            steps.stream()
                    .filter(step -> !step.has("sharedAs"))
                    .forEach(step -> found.accept(Finding.safer(
                            step.place(),
                            RATE,
                            "counts for itself (was: together with every other step)",
                            "keep old: sharedAs: NAME")));
        }
    }

    private static void inRedis(Subject subject, Consumer<Finding> found) {
        SystemConfig system = subject.config().system();
        RedisConfig redis = system == null ? null : system.redis();
        if (redis != null && !redis.emulate()) {
            subject.steps(RATE)
                    .forEach(step -> found.accept(Finding.of(
                            Finding.Group.DIFFERS,
                            step.place(),
                            RATE,
                            "counts in this process only (was: in Redis, for all processes)",
                            "divide 'max' by the number of processes")));
        }
    }
}
