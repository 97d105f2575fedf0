package dev.gatehouse.runtime;

import org.jspecify.annotations.Nullable;

/**
 * How it went to read key material again.
 *
 * @param what {@code https}, or what else uses it
 * @param problem why the earlier material stays; null = the new one is in use
 */
public record TlsReload(String what, @Nullable String problem) {}
