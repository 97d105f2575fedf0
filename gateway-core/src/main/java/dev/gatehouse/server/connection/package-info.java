/**
 * The life of a client connection, whatever is said on it: how many there may be, what they wait for, how they end.
 *
 * <p>Start at {@link dev.gatehouse.server.connection.ClientWaits} and
 * {@link dev.gatehouse.server.connection.Farewell}. Everything stays on the event loop of its connection, except the
 * {@link dev.gatehouse.server.connection.ConnectionBound}, which all of them share.
 */
@NullMarked
package dev.gatehouse.server.connection;

import org.jspecify.annotations.NullMarked;
