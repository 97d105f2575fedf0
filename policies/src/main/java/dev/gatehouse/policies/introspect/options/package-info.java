/**
 * The options of the policy {@code oauth2-introspect}: one record for all and one for each group of them.
 *
 * <p>Start at {@link dev.gatehouse.policies.introspect.options.IntrospectOptions}. Each record checks what it can check
 * alone; what two groups contradict is for {@code StartCheck}. Immutable; made on the start-up thread.
 */
@NullMarked
package dev.gatehouse.policies.introspect.options;

import org.jspecify.annotations.NullMarked;
