/**
 * Bytes between a client and a service that have agreed to leave HTTP.
 *
 * <p>Start at {@link dev.gatehouse.tunnel.Tunnel}. Both channels of a tunnel belong to one event loop, and so does
 * everything here.
 */
@NullMarked
package dev.gatehouse.tunnel;

import org.jspecify.annotations.NullMarked;
