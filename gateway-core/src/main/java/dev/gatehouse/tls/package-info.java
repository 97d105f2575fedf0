/**
 * TLS on both sides: contexts towards services, and certificates by server name for listeners.
 *
 * <p>Start at {@link dev.gatehouse.tls.ClientTls} and {@link dev.gatehouse.tls.ServerTls}. Files are read on control
 * threads only; finished contexts are immutable and may be used on any event loop.
 */
@NullMarked
package dev.gatehouse.tls;

import org.jspecify.annotations.NullMarked;
