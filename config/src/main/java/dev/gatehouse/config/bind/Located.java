package dev.gatehouse.config.bind;

import dev.gatehouse.config.yaml.Span;

/**
 * A value and the place where it is written, for checks that need other parts of the file.
 *
 * @param value the bound value
 * @param span its place
 */
public record Located<T>(T value, Span span) {}
