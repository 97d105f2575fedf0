package dev.gatehouse.policies.introspect.trial;

import dev.gatehouse.exchange.ApiEndpoint;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policies.auth.BearerToken;
import dev.gatehouse.policies.introspect.answer.Introspection;
import dev.gatehouse.policies.introspect.answer.Introspection.Active;
import dev.gatehouse.policies.introspect.answer.Introspection.Inactive;
import dev.gatehouse.policies.introspect.answer.Introspection.Unavailable;
import dev.gatehouse.policies.introspect.answer.TokenFacts;
import dev.gatehouse.policies.introspect.answer.TokenFacts.Confirmation;
import dev.gatehouse.policies.introspect.options.ClaimsOptions;
import dev.gatehouse.policies.introspect.options.ScopesOptions;
import dev.gatehouse.policies.introspect.refusal.Denial;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the server said about a token, and what that means for requests. Immutable; safe on any thread. */
public final class TrialAnswer {
    /** What is known about the token. */
    public enum State {
        /** The gateway refuses it without asking. */
        NOT_ASKED,
        ACTIVE,
        INACTIVE,
        /** The server refuses to judge it. */
        REJECTED,
        UNKNOWN
    }

    /**
     * What a request with the token gets.
     *
     * @param allowed whether it passes as the owner of the token
     * @param anonymous whether it passes as nobody ({@code passThrough})
     * @param reason value of the log field {@code auth_reason}; null = allowed
     * @param status of the reply; 0 = none
     * @param error OAuth error of the reply; null = none
     * @param needsAll scopes that the request needs
     * @param needsOneOf scopes of which it needs one, in addition
     */
    public record Decision(
            boolean allowed,
            boolean anonymous,
            @Nullable String reason,
            int status,
            @Nullable String error,
            List<String> needsAll,
            List<String> needsOneOf) {}

    private final TokenTrial.Gate gate;
    private final TokenTrial.Server server;
    private final TokenTrial.Options options;
    private final String fingerprint;
    private final @Nullable Denial flaw;
    private final @Nullable Introspection answer;

    TrialAnswer(
            TokenTrial.Gate gate,
            TokenTrial.Server server,
            TokenTrial.Options options,
            String fingerprint,
            @Nullable Denial flaw,
            @Nullable Introspection answer) {
        this.gate = gate;
        this.server = server;
        this.options = options;
        this.fingerprint = fingerprint;
        this.flaw = flaw;
        this.answer = answer;
    }

    /** Links log lines of one process; empty when the gateway did not ask. */
    public String fingerprint() {
        return fingerprint;
    }

    public State state() {
        if (flaw != null) {
            return State.NOT_ASKED;
        }
        if (answer instanceof Active) {
            return State.ACTIVE;
        }
        if (answer instanceof Inactive) {
            return State.INACTIVE;
        }
        return answer instanceof Unavailable ? State.UNKNOWN : State.REJECTED;
    }

    /** Whether the gateway refuses the token for what it says itself; see {@code jwtPrecheck}. */
    public boolean isPrechecked() {
        return flaw == Denial.EXPIRED || flaw == Denial.ISSUER;
    }

    /** Why nothing is known, as in logs; null = something is. */
    public @Nullable String cause() {
        return answer instanceof Unavailable unavailable ? unavailable.cause().tag() : null;
    }

    /** The whole answer about an active token, else nothing. */
    public Map<String, @Nullable Object> claims() {
        return answer instanceof Active active ? active.identity().claims() : Map.of();
    }

    /** The scopes of an active token. */
    public Set<String> scopes() {
        return TokenFacts.scopes(claims(), options.scopes().claim());
    }

    /** When the token ends; null = never, or nothing is known. */
    public @Nullable Instant expiresAt() {
        return answer instanceof Active active && active.facts().expiresAt() != TokenFacts.NO_END
                ? Instant.ofEpochMilli(active.facts().expiresAt())
                : null;
    }

    /** How long the answer would be used again. */
    public Keeping keeping() {
        if (answer instanceof Active active) {
            return Keeping.ofActive(
                    active,
                    server.reuse().activeNanos(),
                    options.cache(),
                    gate.clock().millis());
        }
        return answer instanceof Inactive
                ? Keeping.ofInactive(server.reuse().inactiveNanos())
                : new Keeping(Duration.ZERO, Keeping.Limit.NO_ANSWER);
    }

    /** What the token is bound to and a client would have to prove; null = nothing. */
    public @Nullable String binding() {
        if (!(answer instanceof Active active) || server.checks().unproven(active) == null) {
            return null;
        }
        Confirmation confirmation = active.facts().confirmation();
        if (confirmation == null) {
            return null;
        }
        boolean certificate = confirmation.certificateHash() != null;
        return certificate ? "a client certificate" : confirmation.proofKey() != null ? "a DPoP key" : null;
    }

    /** What a request for an endpoint gets; a proof that the token is bound to counts as given. */
    public Decision decide(String method, ApiEndpoint endpoint) {
        Denial denial = denial(method, endpoint);
        ScopesOptions scopes = options.scopes();
        boolean any =
                scopes.match() == ClaimsOptions.Match.ANY && scopes.required().size() > 1;
        Set<String> all = new LinkedHashSet<>(scopes.fromApiEndpoint() ? endpoint.scopes() : List.of());
        all.addAll(any ? List.of() : scopes.requiredNames());
        all.addAll(scopes.forMethod(method));
        List<String> oneOf = any ? scopes.requiredNames() : List.of();
        if (denial == null || gate.anonymous().test(denial)) {
            String reason = denial == null ? null : denial.reason;
            return new Decision(denial == null, denial != null, reason, 0, null, List.copyOf(all), oneOf);
        }
        Reply reply = gate.refusals().reply(denial, endpoint, method, BearerToken.Scheme.BEARER);
        return new Decision(false, false, denial.reason, reply.status(), reply.error(), List.copyOf(all), oneOf);
    }

    private @Nullable Denial denial(String method, ApiEndpoint endpoint) {
        if (flaw != null) {
            return flaw;
        }
        if (answer instanceof Unavailable unavailable) {
            return Denial.of(unavailable.cause());
        }
        if (!(answer instanceof Active active)) {
            return Denial.INACTIVE;
        }
        Denial denial = server.checks().token(active, endpoint, true);
        if (denial == null && binding() == null) {
            denial = server.checks().unproven(active);
        }
        return denial == null ? server.checks().request(active, method, endpoint) : denial;
    }
}
