/**
 * The built-in policies, one file for each simple one.
 *
 * <p>To add one: the class with its nested {@code Config} and {@code Factory}, a line in
 * {@code META-INF/services/dev.gatehouse.policy.PolicyFactory}, a test.
 */
@NullMarked
package dev.gatehouse.policies;

import org.jspecify.annotations.NullMarked;
