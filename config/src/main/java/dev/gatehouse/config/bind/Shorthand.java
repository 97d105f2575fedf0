package dev.gatehouse.config.bind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the one component of a record that a single value stands for: {@code dpop: auto} is then read as
 * {@code dpop: {mode: auto}}. Without it a single value where the record's mapping belongs is an error.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Shorthand {}
