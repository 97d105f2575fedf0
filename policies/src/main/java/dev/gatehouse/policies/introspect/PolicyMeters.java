package dev.gatehouse.policies.introspect;

import dev.gatehouse.policies.introspect.refusal.Denial;
import dev.gatehouse.policy.PolicyContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The meters of one policy, resolved at start; tags are names from the configuration. Safe on any thread. */
final class PolicyMeters {
    private final Map<Denial, Counter> denials = new EnumMap<>(Denial.class);
    private final Counter droppedClaims;
    private final Counter withoutAudience;

    PolicyMeters(PolicyContext context) {
        MeterRegistry registry = context.meters();
        Tags tags = Tags.of("policy", "oauth2-introspect", "pipeline", context.pipeline());
        for (Denial denial : Denial.values()) {
            denials.put(denial, registry.counter("gateway.policy.denials", tags.and("reason", denial.reason)));
        }
        withoutAudience = registry.counter("gateway.introspection.audience.missing", "pipeline", context.pipeline());
        droppedClaims = registry.counter("gateway.introspection.claims.dropped", "pipeline", context.pipeline());
    }

    void denied(Denial denial) {
        Objects.requireNonNull(denials.get(denial), denial.reason).increment();
    }

    /** Tokens that are accepted although they name no audience. */
    Counter withoutAudience() {
        return withoutAudience;
    }

    /** Claims that could not be sent as a header. */
    Counter droppedClaims() {
        return droppedClaims;
    }
}
