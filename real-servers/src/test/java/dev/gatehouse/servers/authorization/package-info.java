/**
 * Real authorization servers, started as processes or as containers, and what a client does with them.
 *
 * <p>Start with {@link dev.gatehouse.servers.authorization.AuthorizationServer}. Used by one test thread at a time.
 */
@NullMarked
package dev.gatehouse.servers.authorization;

import org.jspecify.annotations.NullMarked;
