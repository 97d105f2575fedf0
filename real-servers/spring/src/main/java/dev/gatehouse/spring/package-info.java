/**
 * A Spring Authorization Server for tests of the gateway, never part of it.
 *
 * <p>Start at {@link dev.gatehouse.spring.SpringServer}. Spring decides about threads.
 */
@NullMarked
package dev.gatehouse.spring;

import org.jspecify.annotations.NullMarked;
