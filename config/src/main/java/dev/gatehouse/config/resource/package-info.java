/**
 * What an apiEndpoint says about itself as a protected resource (RFC 9728). Start at {@link
 * dev.gatehouse.config.resource.ResourceConfig}. Records are safe on any thread.
 */
@NullMarked
package dev.gatehouse.config.resource;

import org.jspecify.annotations.NullMarked;
