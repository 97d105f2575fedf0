/**
 * The policy {@code cors}: which web pages may read the answers (the CORS protocol of the Fetch standard).
 *
 * <p>Start at {@link dev.gatehouse.policies.cors.CorsPolicy}. Everything is compiled at start and immutable;
 * {@code apply} and its hooks run on the exchange's event loop.
 */
@NullMarked
package dev.gatehouse.policies.cors;

import org.jspecify.annotations.NullMarked;
