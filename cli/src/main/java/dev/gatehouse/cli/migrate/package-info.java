/**
 * Tells what becomes of an Express Gateway configuration: {@code gateway migrate}. Start at {@link
 * dev.gatehouse.cli.migrate.Migration}; what differs is a table of {@link dev.gatehouse.cli.migrate.Rule}s over the located
 * configuration, everything else comes from the real reader and builder. One thread.
 */
@NullMarked
package dev.gatehouse.cli.migrate;

import org.jspecify.annotations.NullMarked;
