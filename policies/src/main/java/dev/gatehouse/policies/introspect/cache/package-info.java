/**
 * Answers that are used again and the calls that will bring one, under keyed hashes of tokens.
 *
 * <p>Start at {@link dev.gatehouse.policies.introspect.cache.TokenCache}. Shared between event loops and safe on any thread; nothing waits, everything is bounded. Decisions are never kept.
 */
@NullMarked
package dev.gatehouse.policies.introspect.cache;

import org.jspecify.annotations.NullMarked;
