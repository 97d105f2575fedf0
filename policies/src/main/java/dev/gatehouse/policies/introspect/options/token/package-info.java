/**
 * The options about the token itself: where it is looked for, what it looks like, what becomes of it, and to which key
 * of the client it may be bound.
 *
 * <p>Start at {@link dev.gatehouse.policies.introspect.options.token.TokenSource}. Immutable; made on the start-up thread.
 */
@NullMarked
package dev.gatehouse.policies.introspect.options.token;

import org.jspecify.annotations.NullMarked;
