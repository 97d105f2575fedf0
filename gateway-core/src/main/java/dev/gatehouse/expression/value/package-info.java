/**
 * JavaScript values in plain Java and what scripts read of a request: the ground that the fast path and the engine
 * share, so that both give the same results.
 *
 * <p>Start at {@link dev.gatehouse.expression.value.Coercion} and
 * {@link dev.gatehouse.expression.value.RequestFields}. Values are String, Boolean, Number, List, Map, null and
 * {@link dev.gatehouse.expression.value.Undefined}. Stateless but for
 * {@link dev.gatehouse.expression.value.ScriptState}, which belongs to one exchange and its event loop.
 */
@NullMarked
package dev.gatehouse.expression.value;

import org.jspecify.annotations.NullMarked;
