/**
 * The JavaScript engine: Rhino without access to the host, bounded in time, call depth and work of its built-ins.
 *
 * <p>Start at {@link dev.gatehouse.expression.engine.Engine}. The engine, its shared scope and compiled programs are
 * immutable and safe on any thread; the objects of one exchange stay on its event loop.
 */
@NullMarked
package dev.gatehouse.expression.engine;

import org.jspecify.annotations.NullMarked;
