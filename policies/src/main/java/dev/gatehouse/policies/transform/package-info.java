/**
 * The policies {@code request-transformer} and {@code response-transformer}.
 *
 * <p>Start at {@link dev.gatehouse.policies.transform.RequestTransformerPolicy}. What is compiled at start is immutable
 * and shared; everything else belongs to one exchange and its event loop.
 */
@NullMarked
package dev.gatehouse.policies.transform;

import org.jspecify.annotations.NullMarked;
