/**
 * Makes a snapshot of a configuration: policies, conditions and routes with the live objects that they share.
 *
 * <p>Start at {@link dev.gatehouse.runtime.build.SnapshotBuilder}. Everything here runs on the control thread and needs
 * neither an event loop nor a port; what it makes is immutable.
 */
@NullMarked
package dev.gatehouse.runtime.build;

import org.jspecify.annotations.NullMarked;
