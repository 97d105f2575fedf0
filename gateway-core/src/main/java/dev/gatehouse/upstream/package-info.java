/**
 * Connections to services: one pool per event loop and target, one call at a time on a connection.
 *
 * <p>Start at {@link dev.gatehouse.upstream.UpstreamClient}. Everything belongs to one event loop, except
 * {@link dev.gatehouse.upstream.UpstreamLedger}, which the clients of all loops share, and
 * {@link dev.gatehouse.upstream.PooledHttpCaller}, which may be called from any thread.
 */
@NullMarked
package dev.gatehouse.upstream;

import org.jspecify.annotations.NullMarked;
