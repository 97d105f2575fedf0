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
}
