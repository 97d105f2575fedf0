/**
 * The policies of a pipeline and the loop that runs them for one request.
 *
 * <p>Start at {@link dev.gatehouse.pipeline.PipelineRun}. A {@link dev.gatehouse.pipeline.Pipeline} is immutable and
 * shared; a run belongs to one exchange and its event loop.
 */
@NullMarked
package dev.gatehouse.pipeline;

import org.jspecify.annotations.NullMarked;
