/**
 * What an authorization server says about a token, read strictly (RFC 7662 section 2.2).
 *
 * <p>Start at {@link dev.gatehouse.policies.introspect.answer.AnswerReader}. Values are immutable, readers safe on any thread. What is not exactly an answer means that nothing is known.
 */
@NullMarked
package dev.gatehouse.policies.introspect.answer;

import org.jspecify.annotations.NullMarked;
