/**
 * The policy {@code proxy}: sends a request to a service endpoint.
 *
 * <p>Start at {@link dev.gatehouse.policies.proxy.ProxyPolicy}. Everything is compiled when the policy is made; one
 * object serves all event loops, its only state is the round-robin counter.
 */
@NullMarked
package dev.gatehouse.policies.proxy;

import org.jspecify.annotations.NullMarked;
