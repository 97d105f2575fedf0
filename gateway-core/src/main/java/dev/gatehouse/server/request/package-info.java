/**
 * What a client sends: the head as decoded and checked, its framing, the body on its way to a service.
 *
 * <p>Start at {@link dev.gatehouse.server.request.RequestDecoder} for bytes and
 * {@link dev.gatehouse.server.request.RequestBody} for what follows a head. Everything with state stays on the event loop
 * of its connection.
 */
@NullMarked
package dev.gatehouse.server.request;

import org.jspecify.annotations.NullMarked;
