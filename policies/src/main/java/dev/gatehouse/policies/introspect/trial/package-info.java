/**
 * Trying a token out, as {@code gateway try-token} does: the questions and checks of the policy, without a request.
 *
 * <p>Start at {@link dev.gatehouse.policies.introspect.trial.TokenTrials}, which the gateway shares under its key. Safe on
 * any thread; nothing waits. Results hold claims of the token, never the token.
 */
@NullMarked
package dev.gatehouse.policies.introspect.trial;

import org.jspecify.annotations.NullMarked;
