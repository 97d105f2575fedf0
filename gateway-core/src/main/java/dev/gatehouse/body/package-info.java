/**
 * Request and response bodies as trees: media types, inflating, JSON and forms, all bounded.
 *
 * <p>Start at {@link dev.gatehouse.body.BodyReader}. Everything here is stateless; reading happens on the event loop of
 * its exchange.
 */
@NullMarked
package dev.gatehouse.body;

import org.jspecify.annotations.NullMarked;
