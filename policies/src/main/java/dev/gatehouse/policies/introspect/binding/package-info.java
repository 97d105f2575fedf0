/**
 * Tokens that are bound to a key of the client: what a request must prove besides having the token.
 *
 * <p>Start at {@link dev.gatehouse.policies.introspect.binding.SenderConstraint}. Runs on the exchange's event loop for every request, also for a cached answer.
 */
@NullMarked
package dev.gatehouse.policies.introspect.binding;

import org.jspecify.annotations.NullMarked;
