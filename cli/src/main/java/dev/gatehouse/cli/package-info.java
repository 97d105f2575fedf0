/**
 * The command line: {@link dev.gatehouse.cli.Main} and one class per command. The only place that writes to standard
 * output and ends the process.
 *
 * <p>Command classes only hold options, so that help appears without loading the engine; what a command does is in a
 * class that it calls. Everything runs on the main thread unless a class says otherwise.
 */
@NullMarked
package dev.gatehouse.cli;

import org.jspecify.annotations.NullMarked;
