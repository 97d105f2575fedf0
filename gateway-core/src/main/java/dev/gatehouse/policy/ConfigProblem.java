package dev.gatehouse.policy;

import dev.gatehouse.config.bind.Problem;

/** Rejects a configuration while it is built. Carries no stack trace: it is told to the operator, not debugged. */
public final class ConfigProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ConfigProblem(Problem problem) {
        super(problem.message(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
