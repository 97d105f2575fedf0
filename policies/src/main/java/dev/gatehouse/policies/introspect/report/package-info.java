/**
 * What operators learn about an authorization server: why it gave no answer, counters, log lines.
 *
 * <p>Start at {@link dev.gatehouse.policies.introspect.report.ServerMeters}. Safe on any thread. Nothing here is ever told a token, a secret or a part of an answer.
 */
@NullMarked
package dev.gatehouse.policies.introspect.report;

import org.jspecify.annotations.NullMarked;
