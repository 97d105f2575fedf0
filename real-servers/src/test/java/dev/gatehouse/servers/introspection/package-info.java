/**
 * What {@code oauth2-introspect} does with the answers of real authorization servers.
 *
 * <p>Start at {@link dev.gatehouse.servers.introspection.IntrospectionContract}: each server runs it as a process and,
 * where a container engine answers, as a container. One thread, one server at a time.
 */
@NullMarked
package dev.gatehouse.servers.introspection;

import org.jspecify.annotations.NullMarked;
