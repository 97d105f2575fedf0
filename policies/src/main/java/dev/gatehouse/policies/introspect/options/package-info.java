/**
 * The options of the policy {@code oauth2-introspect}, one record for each group of them. Each checks what it can check
 * alone; what two groups contradict is for {@code StartCheck}. Immutable; made on the start-up thread.
 */
@NullMarked
package dev.gatehouse.policies.introspect.options;

import org.jspecify.annotations.NullMarked;
