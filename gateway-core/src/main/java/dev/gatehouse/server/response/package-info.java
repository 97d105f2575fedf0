/**
 * What a client gets: the response of an exchange as hooks see and change it, replies of the gateway, and the encoder.
 *
 * <p>Start at {@link dev.gatehouse.server.response.OutgoingResponse} for what is sent and
 * {@link dev.gatehouse.server.response.ClientOutput} for how. Everything with state stays on the event loop of its
 * connection.
 */
@NullMarked
package dev.gatehouse.server.response;

import org.jspecify.annotations.NullMarked;
