package dev.gatehouse.policies.introspect.check;

import dev.gatehouse.exchange.ApiEndpoint;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.ProtectedResource;
import dev.gatehouse.policies.introspect.answer.Introspection.Active;
import dev.gatehouse.policies.introspect.answer.TokenFacts;
import dev.gatehouse.policies.introspect.binding.SenderConstraint;
import dev.gatehouse.policies.introspect.options.ClaimsOptions;
import dev.gatehouse.policies.introspect.options.ScopesOptions;
import dev.gatehouse.policies.introspect.options.StepUpOptions;
import dev.gatehouse.policies.introspect.refusal.Denial;
import io.micrometer.core.instrument.Counter;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an active token is good for one request. Runs on every use, also of a cached answer, because the
 * clock goes on and another endpoint needs other scopes. Immutable; safe on any thread.
 *
 * <p>The order is fixed and the first failure decides: time, issuer, audience, token type, required claims (all of
 * these are {@link #token}), sender constraint, then step-up and scopes ({@link #request}).
 */
public final class TokenChecks {
    private final ClaimsOptions claims;
    private final ScopesOptions scopes;
    private final List<String> required;
    private final boolean ownScopeClaims;
    private final long skewMillis;
    private final long expSkewMillis;
    private final long maxAgeMillis;
    private final RequiredClaims requiredClaims;
    private final @Nullable StepUp stepUp;
    private final SenderConstraint senderConstraint;
    private final InstantSource clock;
    private final Counter withoutAudience;

    /** @param withoutAudience counts tokens that are accepted although they name no audience */
    public TokenChecks(Rules rules, SenderConstraint senderConstraint, InstantSource clock, Counter withoutAudience) {
        claims = rules.claims();
        scopes = rules.scopes();
        required = scopes.requiredNames();
        this.senderConstraint = senderConstraint;
        this.clock = clock;
        this.withoutAudience = withoutAudience;
        ownScopeClaims = !scopes.claim().equals(TokenFacts.SCOPE_CLAIMS);
        skewMillis = claims.clockSkew().toMillis();
        expSkewMillis = claims.expSkew().toMillis();
        maxAgeMillis = claims.maxTokenAge() == null
                ? Long.MAX_VALUE
                : claims.maxTokenAge().toMillis();
        requiredClaims = new RequiredClaims(claims.required());
        stepUp = rules.stepUp() == null ? null : new StepUp(rules.stepUp(), skewMillis);
    }

    /** What a token is checked against. */
    public record Rules(
            ClaimsOptions claims,
            ScopesOptions scopes,
            @Nullable StepUpOptions stepUp) {}

    /**
     * The first check that fails, or null.
     *
     * @param fresh whether the server was asked for this very request, as opposed to an answer that was kept
     */
    @Nullable
    public Denial check(Active active, Exchange exchange, boolean fresh) {
        Denial denial = token(active, exchange.endpoint(), fresh);
        if (denial == null) {
            denial = senderConstraint.check(active.facts().confirmation(), exchange);
        }
        return denial == null ? request(active, exchange.request().method().name(), exchange.endpoint()) : denial;
    }

    /** The checks before the sender constraint, which look at the answer, the clock and whom the token is for. */
    @Nullable
    public Denial token(Active active, ApiEndpoint endpoint, boolean fresh) {
        TokenFacts facts = active.facts();
        Denial denial = time(facts, fresh);
        if (denial == null) {
            denial = origin(active, endpoint);
        }
        return denial == null && !requiredClaims.areIn(active.identity().claims()) ? Denial.CLAIMS : denial;
    }

    /** What the sender constraint gives a client that proves nothing, or null when nothing is demanded. */
    @Nullable
    public Denial unproven(Active active) {
        return senderConstraint.unproven(active.facts().confirmation());
    }

    /** The checks after the sender constraint, which depend on what is asked for. */
    @Nullable
    public Denial request(Active active, String method, ApiEndpoint endpoint) {
        if (stepUp != null && !stepUp.isMet(active.identity().claims(), method, clock.millis())) {
            return Denial.STEP_UP;
        }
        Set<String> held = held(active);
        return grants(held, endpoint) && holdsAll(held, scopes.forMethod(method)) ? null : Denial.SCOPE;
    }

    private @Nullable Denial time(TokenFacts facts, boolean fresh) {
        long now = clock.millis();
        // The grace is for what the server says now: a kept answer ends at exp, whatever the clocks say.
        if (now - (fresh ? expSkewMillis : 0) >= facts.expiresAt()
                || (claims.requireExp() && facts.expiresAt() == TokenFacts.NO_END)) {
            return Denial.EXPIRED;
        }
        if (facts.notBefore() > now + skewMillis || facts.issuedAt() > now + skewMillis) {
            return Denial.NOT_YET;
        }
        boolean tooOld = maxAgeMillis != Long.MAX_VALUE && facts.issuedAt() < now - maxAgeMillis;
        return tooOld ? Denial.EXPIRED : null;
    }

    private @Nullable Denial origin(Active active, ApiEndpoint endpoint) {
        TokenFacts facts = active.facts();
        if (!claims.issuer().isEmpty()
                && (facts.issuer() == null || !claims.issuer().contains(facts.issuer()))) {
            return Denial.ISSUER;
        }
        if (!isFor(facts.audience(), endpoint) && !mayLackAudience(active)) {
            return Denial.AUDIENCE;
        }
        if (facts.foreignUse() || (!claims.tokenType().isEmpty() && !isOfType(facts.tokenType()))) {
            return Denial.TYPE;
        }
        return null;
    }

    private boolean isFor(List<String> audience, ApiEndpoint endpoint) {
        if (claims.audience().isEmpty()) {
            ProtectedResource resource = endpoint.resource();
            return resource == null || holdsOne(audience, resource.audience());
        }
        if (claims.audienceMatch() == ClaimsOptions.Match.ALL) {
            return audience.containsAll(claims.audience());
        }
        return holdsOne(audience, claims.audience());
    }

    private static boolean holdsOne(List<String> audience, List<String> accepted) {
        for (int i = 0; i < audience.size(); i++) {
            if (accepted.contains(audience.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** Only where the server says nothing: an empty audience, or one that is no text, is a wrong one. */
    private boolean mayLackAudience(Active active) {
        boolean accepted = claims.audienceMissing() == ClaimsOptions.MissingAudience.ACCEPT
                && active.identity().claims().get("aud") == null;
        if (accepted) {
            withoutAudience.increment();
        }
        return accepted;
    }

    private boolean isOfType(@Nullable String type) {
        return type != null && claims.tokenType().stream().anyMatch(type::equalsIgnoreCase);
    }

    private Set<String> held(Active active) {
        return ownScopeClaims
                ? TokenFacts.scopes(active.identity().claims(), scopes.claim())
                : active.facts().scopes();
    }

    private boolean grants(Set<String> held, ApiEndpoint endpoint) {
        if (scopes.fromApiEndpoint() && !holdsAll(held, endpoint.scopes())) {
            return false;
        }
        if (required.isEmpty() || scopes.match() == ClaimsOptions.Match.ALL) {
            return holdsAll(held, required);
        }
        for (int i = 0; i < required.size(); i++) {
            if (held.contains(required.get(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean holdsAll(Set<String> held, List<String> needed) {
        for (int i = 0; i < needed.size(); i++) {
            if (!held.contains(needed.get(i))) {
                return false;
            }
        }
        return true;
    }
}
