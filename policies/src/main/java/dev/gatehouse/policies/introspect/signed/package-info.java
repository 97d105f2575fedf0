/**
 * Introspection answers that are signed JWTs (RFC 9701): who signs, with which keys, and what a good one says.
 *
 * <p>Start at {@link dev.gatehouse.policies.introspect.signed.SignedAnswers}, which opens them for everything behind it.
 * Safe on any thread; signatures are verified on threads of their own, never on an event loop.
 */
@NullMarked
package dev.gatehouse.policies.introspect.signed;

import org.jspecify.annotations.NullMarked;
