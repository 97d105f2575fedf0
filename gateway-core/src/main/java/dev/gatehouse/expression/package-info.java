/**
 * JavaScript expressions and templates as Express Gateway files contain them, compiled once at start and evaluated
 * per request without host access, bounded in time.
 *
 * <p>Start at {@link dev.gatehouse.expression.Expression}. Common shapes become Java closures; everything else runs in
 * the engine, which starts only when it is needed. Compiled objects are immutable and safe on any thread; evaluation
 * happens on the exchange's event loop.
 */
@NullMarked
package dev.gatehouse.expression;

import org.jspecify.annotations.NullMarked;
