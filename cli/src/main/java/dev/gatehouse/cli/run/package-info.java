/**
 * A gateway as a process: reads the configuration, starts the gateway with its logs and its own listeners, tells what
 * it does, stops it.
 *
 * <p>Start at {@link dev.gatehouse.cli.run.RunningGateway}. Main thread, except for the two log writers and for resources,
 * which run on the event loop of their listener.
 */
@NullMarked
package dev.gatehouse.cli.run;

import org.jspecify.annotations.NullMarked;
