/**
 * The policy {@code rewrite} and the conditions {@code pathmatch} and {@code regexpmatch}, which any step may use.
 *
 * <p>Start at {@link dev.gatehouse.policies.rewrite.RewritePolicy}. Patterns and templates are compiled at start; all
 * else runs on the exchange's event loop. Everything is immutable.
 */
@NullMarked
package dev.gatehouse.policies.rewrite;

import org.jspecify.annotations.NullMarked;
