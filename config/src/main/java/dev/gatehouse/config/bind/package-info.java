/**
 * Binds located nodes to records and collects every problem found on the way.
 *
 * <p>Start at {@link dev.gatehouse.config.bind.Problems} and the annotations {@link dev.gatehouse.config.bind.Doc},
 * {@link dev.gatehouse.config.bind.Default}. Start-up thread only.
 */
@NullMarked
package dev.gatehouse.config.bind;

import org.jspecify.annotations.NullMarked;
