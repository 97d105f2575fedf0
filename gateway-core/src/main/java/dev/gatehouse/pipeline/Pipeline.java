package dev.gatehouse.pipeline;

import java.util.List;

/**
 * The steps that run for some apiEndpoints, in order.
 *
 * @param name its name in the file
 * @param steps in the order of the file
 * @param owned request headers that only this gateway may set
 */
public record Pipeline(String name, List<Step> steps, OwnedHeaders owned) {
    public Pipeline {
        steps = List.copyOf(steps);
    }

    /** This pipeline with nothing but the policies that answer preflights; it has no step when there is none. */
    public Pipeline preflights() {
        return new Pipeline(
                name,
                steps.stream().filter(step -> step.policy().answersPreflights()).toList(),
                owned);
    }
}
