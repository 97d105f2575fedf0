/**
 * What the gateway tells about its requests: the access log.
 *
 * <p>Start at {@link dev.gatehouse.metrics.AccessLog}. Event loops fill an {@link dev.gatehouse.metrics.AccessRecord}
 * and hand it over; one writer thread of its own turns records into lines.
 */
@NullMarked
package dev.gatehouse.metrics;

import org.jspecify.annotations.NullMarked;
