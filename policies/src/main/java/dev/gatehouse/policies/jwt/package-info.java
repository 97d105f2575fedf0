/**
 * The policy {@code jwt}: who sent a request, as a signed token says (RFC 7515, RFC 7519).
 *
 * <p>Start at {@link dev.gatehouse.policies.jwt.JwtPolicy}. Keys are read at start; {@code apply} runs on the exchange's
 * event loop and waits for nothing. Everything is immutable.
 */
@NullMarked
package dev.gatehouse.policies.jwt;

import org.jspecify.annotations.NullMarked;
