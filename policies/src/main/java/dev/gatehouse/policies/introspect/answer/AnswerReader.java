package dev.gatehouse.policies.introspect.answer;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.CallResult.Answer;
import dev.gatehouse.client.CallResult.Failed;
import dev.gatehouse.policies.introspect.answer.Introspection.Active;
import dev.gatehouse.policies.introspect.answer.Introspection.Inactive;
import dev.gatehouse.policies.introspect.answer.Introspection.Rejected;
import dev.gatehouse.policies.introspect.answer.Introspection.Unavailable;
import dev.gatehouse.policies.introspect.answer.IntrospectionDecoder.Decoded;
import dev.gatehouse.policies.introspect.report.Cause;
import dev.gatehouse.policies.introspect.report.ServerLog;
import dev.gatehouse.policies.introspect.report.ServerMeters;
import dev.gatehouse.policies.introspect.report.ServerMeters.Outcome;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the result of a call into what it says about the token. Everything that is not exactly an answer of RFC 7662
 * section 2.2 means that nothing is known. Stateless but for the log; safe on any thread.
 */
public final class AnswerReader {
    private static final int MAX_RETRY_AFTER = 120;
    private static final Set<String> OWN_FAULT = Set.of("invalid_client", "unauthorized_client");

    /**
     * What a call has brought.
     *
     * @param repeatable whether the same question may be asked once more
     */
    public record Reading(Introspection introspection, Outcome outcome, boolean repeatable) {
        public static Reading internal() {
            return unknown(Cause.INTERNAL, 1, false);
        }

        private static Reading unknown(Cause cause, int retryAfter, boolean repeatable) {
            Outcome outcome = cause.isTimeout() ? Outcome.TIMEOUT : Outcome.ERROR;
            return new Reading(new Unavailable(cause, retryAfter), outcome, repeatable);
        }
    }

    private final IntrospectionDecoder decoder = new IntrospectionDecoder();
    private final ServerMeters meters;
    private final ServerLog log;

    public AnswerReader(ServerMeters meters, ServerLog log) {
        this.meters = meters;
        this.log = log;
    }

    public Reading read(CallResult result, String fingerprint, long receivedNanos) {
        if (result instanceof Answer answer) {
            Reading reading = read(answer, fingerprint, receivedNanos);
            return answer.repeated() ? secondTry(reading) : reading;
        }
        if (result instanceof Failed failed) {
            // A slow server gets no second question, and neither does one that hung up on a fresh connection: that was
            // its answer. A pooled connection that had gone stale was replaced by the caller, unseen from here.
            boolean repeatable = failed.cause() == CallResult.Cause.REFUSED;
            return Reading.unknown(Cause.of(failed.cause()), 1, repeatable);
        }
        return Reading.internal();
    }

    private static Reading secondTry(Reading reading) {
        if (!(reading.introspection() instanceof Active active)) {
            return reading;
        }
        Active used = new Active(
                active.identity(), active.facts(), active.receivedNanos(), active.bytes(), active.fingerprint(), false);
        return new Reading(used, reading.outcome(), false);
    }

    private Reading read(Answer answer, String fingerprint, long receivedNanos) {
        return switch (answer.status()) {
            case 200 -> verdict(answer, fingerprint, receivedNanos);
            case 400 -> isOwnFault(answer) ? credentialsRefused(400) : rejected();
            case 401, 403 -> credentialsRefused(answer.status());
            case 429 -> Reading.unknown(Cause.RATE_LIMITED, retryAfter(answer.headers()), false);
            case 502, 503, 504 -> status(answer, !answer.headers().contains(HttpHeaderNames.RETRY_AFTER));
            default -> status(answer, false);
        };
    }

    private Reading verdict(Answer answer, String fingerprint, long receivedNanos) {
        if (!JsonContent.isIn(answer.headers())) {
            return unusable();
        }
        Decoded decoded = decoder.decode(answer.body());
        if (decoded instanceof Decoded.Active active) {
            Introspection known = new Active(
                    IntrospectionDecoder.identity(active),
                    active.facts(),
                    receivedNanos,
                    answer.body().length,
                    fingerprint,
                    true);
            return new Reading(known, Outcome.ACTIVE, false);
        }
        if (decoded instanceof Decoded.Inactive inactive) {
            if (inactive.odd()) {
                log.oddActive();
            }
            return new Reading(new Inactive(receivedNanos), Outcome.INACTIVE, false);
        }
        return unusable();
    }

    private Reading unusable() {
        log.invalidAnswer();
        return Reading.unknown(Cause.UNUSABLE, 1, false);
    }

    private static Reading rejected() {
        return new Reading(new Rejected(), Outcome.REJECTED, false);
    }

    private Reading credentialsRefused(int status) {
        meters.credentialsRefused.increment();
        log.credentialsRefused(status);
        return Reading.unknown(Cause.CREDENTIALS, 1, false);
    }

    private Reading status(Answer answer, boolean repeatable) {
        log.status(answer.status());
        Cause cause = answer.status() >= 500 ? Cause.STATUS : Cause.UNUSABLE;
        return Reading.unknown(cause, retryAfter(answer.headers()), repeatable);
    }

    /** RFC 6749 section 5.2: the server says that the gateway, not the token, is the problem. */
    private boolean isOwnFault(Answer answer) {
        @Nullable String error = JsonContent.isIn(answer.headers()) ? decoder.error(answer.body()) : null;
        return error != null && OWN_FAULT.contains(error);
    }

    /** A whole number of seconds, at most two minutes; a date or anything else counts as absent. */
    private static int retryAfter(HttpHeaders headers) {
        @Nullable String value = headers.get(HttpHeaderNames.RETRY_AFTER);
        if (value == null || value.isEmpty() || value.length() > 18) {
            return 1;
        }
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return 1;
            }
        }
        return (int) Math.max(1, Math.min(MAX_RETRY_AFTER, Long.parseLong(value)));
    }
}
