/**
 * What gateway.config.yml says, as immutable records: validated, with defaults filled in and with the place of
 * every value in the file.
 *
 * <p>Start at {@link dev.gatehouse.config.GatewayConfig}. Records are safe on any thread. Nothing here knows Netty.
 */
@NullMarked
package dev.gatehouse.config;

import org.jspecify.annotations.NullMarked;
