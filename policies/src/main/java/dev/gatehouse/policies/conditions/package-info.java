/**
 * The built-in conditions that need no body, one file for each or for a pair of opposites.
 *
 * <p>To add one: the class with its nested {@code Config} and {@code Factory}, a line in
 * {@code META-INF/services/dev.gatehouse.policy.ConditionFactory}, a test. Conditions are immutable and run on the
 * event loop of the exchange.
 */
@NullMarked
package dev.gatehouse.policies.conditions;

import org.jspecify.annotations.NullMarked;
