/**
 * HTTP/1.1 towards services: how requests are written and how strictly responses are read.
 *
 * <p>Start at {@link dev.gatehouse.upstream.wire.OutgoingRequest} and
 * {@link dev.gatehouse.upstream.wire.ResponseDecoder}. Handlers and messages belong to one channel and its event loop; the
 * rules are stateless.
 */
@NullMarked
package dev.gatehouse.upstream.wire;

import org.jspecify.annotations.NullMarked;
