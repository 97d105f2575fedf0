/**
 * Plays recorded Express Gateway cases against the gateway and compares answers and upstream requests.
 *
 * <p>Start at {@link dev.gatehouse.cli.compat.CompatIT}; the cases are data under {@code compat/} of the test
 * resources. Cases with the same configuration share a gateway and run one after the other on one thread.
 */
@NullMarked
package dev.gatehouse.cli.compat;

import org.jspecify.annotations.NullMarked;
