/**
 * Tests of the packaged gateway against servers that nobody here wrote, each a process of its own on loopback.
 *
 * <p>Start with {@link dev.gatehouse.servers.GatewayProcess} and {@link dev.gatehouse.servers.RunningProgram}; the
 * authorization servers are in {@code dev.gatehouse.servers.authorization}. All of it is used by test threads, one at
 * a time; only output is collected by threads of its own.
 */
@NullMarked
package dev.gatehouse.servers;

import org.jspecify.annotations.NullMarked;
