package dev.gatehouse.policies.introspect.answer;

import dev.gatehouse.exchange.Identity;
import dev.gatehouse.policies.introspect.cache.TokenKey;
import dev.gatehouse.policies.introspect.report.Cause;

/** What is known about a token. The answer of the server, never a decision: checks run on each use. Immutable. */
public sealed interface Introspection {
    /**
     * The server knows the token and calls it active.
     *
     * @param identity all members of the answer
     * @param facts the members that checks need, ready to compare
     * @param receivedNanos monotonic time of the answer
     * @param bytes length of the answer
     * @param fingerprint see {@link TokenKey#fingerprint()}
     * @param firstTry false when the connection broke under the question and it was sent once more: such an answer is
     *     used and not kept, so that the next request asks again, as it does with Express Gateway
     */
    record Active(
            Identity identity, TokenFacts facts, long receivedNanos, int bytes, String fingerprint, boolean firstTry)
            implements Introspection {
        /** Tells nothing about the token or its owner. */
        @Override
        public String toString() {
            return "Active";
        }
    }

    /**
     * The server says that the token is not active, or does not say that it is.
     *
     * @param receivedNanos monotonic time of the answer
     */
    record Inactive(long receivedNanos) implements Introspection {}

    /** The server refuses to judge this token (status 400): a refusal for the client, nothing to remember. */
    record Rejected() implements Introspection {}

    /**
     * The state of the token is unknown.
     *
     * @param cause why
     * @param retryAfterSeconds when asking again makes sense; at least 1
     */
    record Unavailable(Cause cause, int retryAfterSeconds) implements Introspection {}
}
