/**
 * The optional system.config.yml beside the gateway's file: what Express Gateway keeps about its database, tokens and
 * plugins. Start at {@link dev.gatehouse.config.system.SystemReader}. Everything runs on the thread that builds.
 */
@NullMarked
package dev.gatehouse.config.system;

import org.jspecify.annotations.NullMarked;
