/**
 * The gateway as a client of the authorization server: how options become targets, credentials, limits, and what is
 * asked and remembered.
 *
 * <p>Start at {@link dev.gatehouse.policies.introspect.client.IntrospectionPlan}. Made on the start-up thread; the plans
 * are immutable and read on any.
 */
@NullMarked
package dev.gatehouse.policies.introspect.client;

import org.jspecify.annotations.NullMarked;
