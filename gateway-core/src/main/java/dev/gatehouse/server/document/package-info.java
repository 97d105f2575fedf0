/**
 * Documents that policies publish about the APIs that they protect: served to everybody, before any apiEndpoint is
 * looked for.
 *
 * <p>Start at {@link dev.gatehouse.server.document.Documents}. Made on the start-up thread and immutable afterwards, so
 * that every event loop may use it.
 */
@NullMarked
package dev.gatehouse.server.document;

import org.jspecify.annotations.NullMarked;
