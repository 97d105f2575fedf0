package dev.gatehouse.policies.schema;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.ValidationLimitExceededException;
import dev.gatehouse.expression.value.ExpressionFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A schema ready for use. Immutable; safe on any thread.
 *
 * <p>A check is bounded in steps, in depth and in the time of its regular expressions: schemas with alternatives that
 * refer to themselves can need a number of steps that grows exponentially with the body.
 */
final class CompiledSchema {
    private static final long MOST_STEPS = 500_000;
    private static final int DEEPEST = 400;

    private final Schema schema;
    private final PatternBudget patterns;

    CompiledSchema(Schema schema, PatternBudget patterns) {
        this.schema = schema;
        this.patterns = patterns;
    }

    /**
     * The place in the schema that {@code tree} does not fit; null = it fits. Nothing of the body is in it.
     *
     * @throws ExpressionFailure when the check passes a bound: then nobody knows
     */
    @Nullable
    String misfit(Object tree) {
        patterns.begin();
        try {
            List<Error> errors = schema.validate(
                    Trees.node(tree),
                    run -> run.executionConfig(bounds -> bounds.failFast(true)
                            .formatAssertionsEnabled(true)
                            .maxEvaluationSteps(MOST_STEPS)
                            .maxEvaluationDepth(DEEPEST)));
            return errors.isEmpty() ? null : String.valueOf(errors.get(0).getEvaluationPath());
        } catch (ValidationLimitExceededException limit) {
            throw new ExpressionFailure(ExpressionFailure.Kind.LIMIT, "the schema takes too long for this body");
        }
    }
}
