package dev.gatehouse.runtime.build;

import org.jspecify.annotations.Nullable;

/**
 * What stands before the services of a pipeline, for the start-up output.
 *
 * @param pipeline its name
 * @param description such as {@code introspect https://login.example.com/introspect}; null = open
 * @param revocationDelaySeconds longest time a revoked token still passes; positive infinity = unbounded
 */
public record Guard(String pipeline, @Nullable String description, double revocationDelaySeconds) {}
