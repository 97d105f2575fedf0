/**
 * Notices that the configuration changed and puts the new one in force, or says why not.
 *
 * <p>Start at {@link dev.gatehouse.cli.reload.Reloader}. Everything happens on one control thread, one reload after the
 * other; another thread only passes on what the file system says.
 */
@NullMarked
package dev.gatehouse.cli.reload;

import org.jspecify.annotations.NullMarked;
