/**
 * The gateway's own listeners beside the traffic: health and metrics for the platform, and the admin API.
 *
 * <p>Start at {@link dev.gatehouse.admin.OpsListener} and {@link dev.gatehouse.admin.AdminListener}; both are a
 * {@link dev.gatehouse.admin.LocalServer} on one event loop of their own. Resources answer on that loop or, later, from
 * any thread; they must not block it.
 */
@NullMarked
package dev.gatehouse.admin;

import org.jspecify.annotations.NullMarked;
