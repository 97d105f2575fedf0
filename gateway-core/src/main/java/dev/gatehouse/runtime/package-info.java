/**
 * Starts what {@code runtime.build} makes of a configuration, replaces it, stops it.
 *
 * <p>Start at {@link dev.gatehouse.runtime.Gateway}. Everything here runs on the control thread; event loops see only
 * finished, immutable snapshots.
 */
@NullMarked
package dev.gatehouse.runtime;

import org.jspecify.annotations.NullMarked;
