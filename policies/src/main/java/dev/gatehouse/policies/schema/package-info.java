/**
 * The condition {@code json-schema}.
 *
 * <p>Start at {@link dev.gatehouse.policies.schema.JsonSchemaCondition}. Schemas are read and compiled on the start-up
 * thread; what comes of it is immutable and asked on the event loop of each exchange, within bounds.
 */
@NullMarked
package dev.gatehouse.policies.schema;

import org.jspecify.annotations.NullMarked;
