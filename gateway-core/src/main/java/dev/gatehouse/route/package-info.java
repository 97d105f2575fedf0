/**
 * Finds the apiEndpoint of a request: reads the request target, matches host, path and method in the order that
 * Express Gateway uses, and refuses targets whose readings would select different endpoints.
 *
 * <p>Start at {@link dev.gatehouse.route.RouteTable} and {@link dev.gatehouse.route.RequestTarget}. A table is
 * compiled on the start-up thread and immutable afterwards, so that every event loop may use it.
 */
@NullMarked
package dev.gatehouse.route;

import org.jspecify.annotations.NullMarked;
