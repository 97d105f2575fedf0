/**
 * The policy {@code oauth2-introspect}: who sent a request, as an authorization server says (RFC 7662).
 *
 * <p>Start at {@link dev.gatehouse.policies.introspect.OAuth2IntrospectPolicy}. Its configuration is in {@code options},
 * what is refused at start in {@code start}, what policies share in {@code server}. Everything is compiled at start and
 * immutable; {@code apply} runs on the exchange's event loop.
 */
@NullMarked
package dev.gatehouse.policies.introspect;

import org.jspecify.annotations.NullMarked;
