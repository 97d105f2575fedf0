/**
 * Public API: what one writes to add a policy or a condition.
 *
 * <p>Start at {@link dev.gatehouse.policy.Policy}. Policies are shared and stateless; each call happens on the event
 * loop of its exchange and must not block. Factories run on the start-up thread.
 */
@NullMarked
package dev.gatehouse.policy;

import org.jspecify.annotations.NullMarked;
