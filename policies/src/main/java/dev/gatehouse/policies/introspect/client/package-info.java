/**
 * The gateway as a client of the authorization server: how options become targets, credentials and additions.
 *
 * <p>Start at {@link dev.gatehouse.policies.introspect.client.ServerTargets} and {@link
 * dev.gatehouse.policies.introspect.client.CredentialsPlan}. Start-up thread only.
 */
@NullMarked
package dev.gatehouse.policies.introspect.client;

import org.jspecify.annotations.NullMarked;
