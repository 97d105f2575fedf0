/**
 * What an operator is told when a policy {@code oauth2-introspect} starts: options that contradict each other, that do
 * nothing or that are not there yet are refused, risky ones are warned about.
 *
 * <p>Start at {@link dev.gatehouse.policies.introspect.start.StartCheck}. Start-up thread only.
 */
@NullMarked
package dev.gatehouse.policies.introspect.start;

import org.jspecify.annotations.NullMarked;
