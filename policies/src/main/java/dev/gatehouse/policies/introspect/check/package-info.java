/**
 * Whether an active token is good for one request: time, origin, claims, scopes.
 *
 * <p>Start at {@link dev.gatehouse.policies.introspect.check.TokenChecks}. Immutable, safe on any thread; runs on every use of an answer, also of a cached one.
 */
@NullMarked
package dev.gatehouse.policies.introspect.check;

import org.jspecify.annotations.NullMarked;
