package dev.gatehouse.cli.migrate;

import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A rule about the steps of one policy.
 *
 * @param when which of them
 * @param option the option whose place is shown; empty = the step's own place
 */
record StepRule(
        String policy, Predicate<WrittenStep> when, Finding.Group group, String option, String what, String advice)
        implements Rule {
    static StepRule safer(String policy, Predicate<WrittenStep> when, String what, String advice) {
        return new StepRule(policy, when, Finding.Group.SAFER, "", what, advice);
    }

    /** The same, shown at the place of an option. */
    StepRule at(String place) {
        return new StepRule(policy, when, group, place, what, advice);
    }

    @Override
    public void look(Subject subject, Consumer<Finding> found) {
        for (WrittenStep step : subject.steps(policy)) {
            if (when.test(step)) {
                found.accept(Finding.of(group, step.place(option), policy, what, advice));
            }
        }
    }
}
