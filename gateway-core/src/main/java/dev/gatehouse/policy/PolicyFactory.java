package dev.gatehouse.policy;

/**
 * Makes policies of one name. Found by {@link java.util.ServiceLoader}; public with a public constructor.
 *
 * @param <C> the configuration record, bound from the step's {@code action}
 */
public interface PolicyFactory<C extends Record> {
    /** The key used in pipelines. */
    String name();

    /** Bound and validated before {@link #create} is called. */
    Class<C> config();

    /**
     * Makes the policy of one step. Start-up thread. A policy that holds resources takes them from
     * {@link PolicyContext#shared}.
     *
     * @throws ConfigProblem when the configuration cannot work
     */
    Policy create(C config, PolicyContext context);

    /** Whether this policy decides who the client is; such a pipeline counts as guarded. */
    default boolean authenticates() {
        return false;
    }

    /** Whether a request never gets past this policy; a pipeline without such a step ends in 404. */
    default boolean terminal() {
        return false;
    }
}
