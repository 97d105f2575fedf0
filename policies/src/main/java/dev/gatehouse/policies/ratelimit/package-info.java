/**
 * The policy {@code rate-limit}: how many requests a client may send in a window of time.
 *
 * <p>Start at {@link dev.gatehouse.policies.ratelimit.RateLimitPolicy}. {@code apply} and its hooks run on the
 * exchange's event loop; the counters are shared by all loops, atomic, and survive reloads.
 */
@NullMarked
package dev.gatehouse.policies.ratelimit;

import org.jspecify.annotations.NullMarked;
