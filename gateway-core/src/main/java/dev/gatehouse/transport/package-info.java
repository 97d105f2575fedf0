/**
 * Which Netty transport runs: native epoll where it loads, NIO elsewhere.
 *
 * <p>Start at {@link dev.gatehouse.transport.Transport}.
 */
@NullMarked
package dev.gatehouse.transport;

import org.jspecify.annotations.NullMarked;
