package dev.gatehouse.policies.introspect.check;

import dev.gatehouse.exchange.ApiEndpoint;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.ProtectedResource;
import dev.gatehouse.policies.introspect.answer.Introspection.Active;
import dev.gatehouse.policies.introspect.answer.TokenFacts;
import dev.gatehouse.policies.introspect.binding.SenderConstraint;
import dev.gatehouse.policies.introspect.options.ClaimsOptions;
import dev.gatehouse.policies.introspect.options.ScopesOptions;
import dev.gatehouse.policies.introspect.refusal.Denial;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an active token is good for one request. Runs on every use, also of a cached answer, because the
 * clock goes on and another endpoint needs other scopes. Immutable; safe on any thread.
 */
public final class TokenChecks {
    private final ClaimsOptions claims;
    private final ScopesOptions scopes;
    private final List<String> required;
    private final boolean ownScopeClaims;
    private final long skewMillis;
    private final SenderConstraint senderConstraint;
    private final InstantSource clock;

    public TokenChecks(
            ClaimsOptions claims, ScopesOptions scopes, SenderConstraint senderConstraint, InstantSource clock) {
        this.claims = claims;
        this.scopes = scopes;
        required = scopes.requiredNames();
        this.senderConstraint = senderConstraint;
        this.clock = clock;
        ownScopeClaims = !scopes.claim().equals(TokenFacts.SCOPE_CLAIMS);
        skewMillis = claims.clockSkew().toMillis();
    }

    /** The first check that fails, or null. */
    @Nullable
    public Denial check(Active active, Exchange exchange) {
        TokenFacts facts = active.facts();
        Denial denial = time(facts);
        if (denial == null) {
            denial = origin(facts, exchange.endpoint());
        }
        if (denial == null) {
            denial = senderConstraint.check(facts.confirmation(), exchange.peer());
        }
        if (denial == null && !grants(held(active), exchange.endpoint())) {
            denial = Denial.SCOPE;
        }
        return denial;
    }

    private @Nullable Denial time(TokenFacts facts) {
        long now = clock.millis();
        if (now >= facts.expiresAt() || (claims.requireExp() && facts.expiresAt() == TokenFacts.NO_END)) {
            return Denial.EXPIRED;
        }
        if (facts.notBefore() > now + skewMillis || facts.issuedAt() > now + skewMillis) {
            return Denial.NOT_YET;
        }
        return null;
    }

    private @Nullable Denial origin(TokenFacts facts, ApiEndpoint endpoint) {
        if (!claims.issuer().isEmpty()
                && (facts.issuer() == null || !claims.issuer().contains(facts.issuer()))) {
            return Denial.ISSUER;
        }
        if (!isFor(facts.audience(), endpoint)) {
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
