/**
 * How targets are reached: names, tunnels and TLS on the way, which target comes next, and what can go wrong.
 *
 * <p>Start at {@link dev.gatehouse.upstream.reach.Layers} and {@link dev.gatehouse.upstream.reach.UpstreamFault}. Nothing
 * here knows calls or pools. Everything belongs to one event loop, except
 * {@link dev.gatehouse.upstream.reach.TargetHealth}, which all loops share.
 */
@NullMarked
package dev.gatehouse.upstream.reach;

import org.jspecify.annotations.NullMarked;
