package dev.gatehouse.policies.jwt;

import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policies.auth.Challenge;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The replies to requests that are not let through, made once, and their count. Safe on any thread. */
final class Refusals {
    /** Express Gateway answers every failure of this policy with it, a malformed field included. */
    private static final int UNAUTHORIZED = 401;

    private static final String REALM = "gateway";

    private record Prepared(Reply reply, Counter counter) {}

    private final Map<Denial, Prepared> prepared = new EnumMap<>(Denial.class);

    /** @param scheme the authentication scheme that clients are asked for */
    Refusals(String scheme, String pipeline, MeterRegistry meters) {
        Tags tags = Tags.of("policy", "jwt", "pipeline", pipeline);
        for (Denial denial : Denial.values()) {
            Counter counter = meters.counter("gateway.policy.denials", tags.and("reason", denial.reason));
            prepared.put(denial, new Prepared(reply(denial, scheme), counter));
        }
    }

    /** The reply, which is counted. */
    Reply reply(Denial denial) {
        Prepared found = Objects.requireNonNull(prepared.get(denial), denial.reason);
        found.counter().increment();
        return found.reply();
    }

    private static Reply reply(Denial denial, String scheme) {
        Challenge challenge = Challenge.of(scheme, REALM);
        Reply reply = Reply.refuse(denial.refusal).withStatus(UNAUTHORIZED).withHeader("cache-control", "no-store");
        // RFC 6750 section 3.1: a request without a token is told nothing but how to authenticate.
        if (denial.error == null) {
            return reply.withHeader("www-authenticate", challenge.text());
        }
        challenge = challenge.with("error", denial.error).with("error_description", denial.description());
        return reply.withHeader("www-authenticate", challenge.text()).withError(denial.error, denial.description());
    }
}
