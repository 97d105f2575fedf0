/**
 * Several authorization servers behind one policy: which of them a request's token is shown to.
 *
 * <p>Start at {@link dev.gatehouse.policies.introspect.provider.ProviderMatch}. Everything is immutable and safe on any
 * thread. What is read here of a token is unverified and only chooses who is asked; it never accepts anything.
 */
@NullMarked
package dev.gatehouse.policies.introspect.provider;

import org.jspecify.annotations.NullMarked;
