/**
 * What authentication policies share: where a token is looked for, how a challenge is written.
 *
 * <p>Start at {@link dev.gatehouse.policies.auth.TokenSources}. Nothing here decides about a request; everything is
 * immutable and safe on any thread.
 */
@NullMarked
package dev.gatehouse.policies.auth;

import org.jspecify.annotations.NullMarked;
