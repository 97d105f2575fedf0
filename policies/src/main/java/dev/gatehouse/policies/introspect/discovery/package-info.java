/**
 * Finds out where the endpoints of an authorization server are, from nothing but its issuer identifier (RFC 8414).
 *
 * <p>Start at {@link dev.gatehouse.policies.introspect.discovery.Discovery}; what it found is a
 * {@link dev.gatehouse.policies.introspect.discovery.ServerMetadata}. Safe on any thread; nothing blocks.
 */
@NullMarked
package dev.gatehouse.policies.introspect.discovery;

import org.jspecify.annotations.NullMarked;
