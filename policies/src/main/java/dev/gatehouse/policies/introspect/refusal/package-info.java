/**
 * Requests that are not let through: reasons, statuses, challenges (RFC 6750 section 3).
 *
 * <p>Start at {@link dev.gatehouse.policies.introspect.refusal.Refusals}. Made at start, immutable, safe on any thread. Texts are fixed, so none tells anything about a token.
 */
@NullMarked
package dev.gatehouse.policies.introspect.refusal;

import org.jspecify.annotations.NullMarked;
