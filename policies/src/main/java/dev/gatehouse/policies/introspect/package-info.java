/**
 * The policy {@code oauth2-introspect}: who sent a request, as an authorization server says (RFC 7662).
 *
 * <p>Start at {@link dev.gatehouse.policies.introspect.OAuth2IntrospectPolicy}. Everything is compiled at start and
 * immutable; {@code apply} runs on the exchange's event loop. What policies share lives in {@code server}.
 */
@NullMarked
package dev.gatehouse.policies.introspect;

import org.jspecify.annotations.NullMarked;
