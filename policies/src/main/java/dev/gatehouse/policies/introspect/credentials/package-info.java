/**
 * How the gateway is known at the authorization server: the methods of client authentication (RFC 6749 section 2.3,
 * RFC 7523, RFC 8705).
 *
 * <p>Start at {@link dev.gatehouse.policies.introspect.credentials.ClientAuthentication}. Made on the start-up thread,
 * asked on event loops; nothing here blocks them.
 */
@NullMarked
package dev.gatehouse.policies.introspect.credentials;

import org.jspecify.annotations.NullMarked;
