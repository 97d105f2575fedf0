/**
 * One authorization server as all policies of the same introspection identity share it: the call, its protection
 * and the cache of its answers.
 *
 * <p>Start at {@link dev.gatehouse.policies.introspect.server.AuthorizationServer}. Everything here is shared between
 * event loops and safe on any thread; nothing blocks. Decisions about a request are taken elsewhere.
 */
@NullMarked
package dev.gatehouse.policies.introspect.server;

import org.jspecify.annotations.NullMarked;
