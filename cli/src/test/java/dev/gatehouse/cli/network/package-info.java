/**
 * Ways from the gateway to services, with the whole gateway in this process: proxies, certificates, sockets.
 *
 * <p>Start at {@link dev.gatehouse.cli.network.ServiceWaysIT}. Tests run on the thread of the test, servers on their
 * own.
 */
@NullMarked
package dev.gatehouse.cli.network;

import org.jspecify.annotations.NullMarked;
