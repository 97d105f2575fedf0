/**
 * One request and its response as policies see them.
 *
 * <p>Start at {@link dev.gatehouse.exchange.Exchange}. An exchange is touched by its event loop only; the small
 * values around it are immutable. Uses Netty's header, message and buffer types, nothing else of the engine.
 */
@NullMarked
package dev.gatehouse.exchange;

import org.jspecify.annotations.NullMarked;
