/**
 * The demo: a gateway with everything around it that it needs, on loopback only.
 *
 * <p>Start at {@link dev.gatehouse.cli.demo.Demo}. The embedded authorization server and backend live here and can be
 * started by the demo only, never by a configuration file. They run on event loops of their own.
 */
@NullMarked
package dev.gatehouse.cli.demo;

import org.jspecify.annotations.NullMarked;
