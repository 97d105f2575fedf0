/**
 * What a claim looks like: how it is read from JSON, found by its path, and told to services in a header.
 *
 * <p>Start at {@link dev.gatehouse.policies.auth.claim.ClaimTree}. Everything is immutable and safe on any thread.
 */
@NullMarked
package dev.gatehouse.policies.auth.claim;

import org.jspecify.annotations.NullMarked;
