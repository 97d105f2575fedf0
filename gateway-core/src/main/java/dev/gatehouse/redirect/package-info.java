/**
 * Follows redirects of a service on behalf of the client.
 *
 * <p>Start at {@link dev.gatehouse.redirect.RedirectingCall}, which stands between the relay of an exchange and the
 * calls to services and belongs to their event loop. What a {@code Location} means is decided without state.
 */
@NullMarked
package dev.gatehouse.redirect;

import org.jspecify.annotations.NullMarked;
