package dev.gatehouse.cli.trytoken;

import dev.gatehouse.policies.introspect.trial.TokenText;
import dev.gatehouse.policies.introspect.trial.TrialAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came out for one step of a pipeline.
 *
 * @param step its path in the file
 * @param seen the call about the token; null = none was made
 * @param problem why nothing is known, in sentences; empty = something is
 * @param causes why the token may be inactive, most likely first
 */
record StepReport(
        String step,
        TokenText token,
        Witness.@Nullable Seen seen,
        TrialAnswer answer,
        List<String> problem,
        List<String> causes,
        List<Routes.Outcome> routes) {
    boolean allowsSomething() {
        return routes.stream().anyMatch(outcome -> outcome.decision().allowed());
    }
}
