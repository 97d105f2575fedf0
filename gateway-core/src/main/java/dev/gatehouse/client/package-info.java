/**
 * Small bounded HTTP calls that the gateway makes itself (introspection, key sets), as a policy sees them.
 *
 * <p>Start at {@link dev.gatehouse.client.HttpCaller}. The implementation lives in {@code upstream} and shares its
 * connections. Values are immutable; results arrive on an event loop.
 */
@NullMarked
package dev.gatehouse.client;

import org.jspecify.annotations.NullMarked;
