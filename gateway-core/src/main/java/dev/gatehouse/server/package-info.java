/**
 * Listeners, client connections and the HTTP/1.1 side of an exchange.
 *
 * <p>Start at {@link dev.gatehouse.server.Listener}; follow a request through {@code HttpConnection} and
 * {@code HttpExchange}. Everything of a connection happens on its event loop; {@link dev.gatehouse.server.Served} is
 * the one object that other threads replace.
 */
@NullMarked
package dev.gatehouse.server;

import org.jspecify.annotations.NullMarked;
