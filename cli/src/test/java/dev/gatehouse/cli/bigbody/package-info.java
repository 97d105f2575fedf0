/**
 * Moves large bodies through the real jar with a small heap and slow peers.
 *
 * <p>Start at {@link dev.gatehouse.cli.bigbody.BigBodyIT}. Client and backend are plain blocking JDK code, so that they
 * share nothing with what they test.
 */
@NullMarked
package dev.gatehouse.cli.bigbody;

import org.jspecify.annotations.NullMarked;
