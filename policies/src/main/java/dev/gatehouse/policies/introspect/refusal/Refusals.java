package dev.gatehouse.policies.introspect.refusal;

import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.CompatConfig;
import dev.gatehouse.exchange.ApiEndpoint;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policies.auth.BearerToken.Scheme;
import dev.gatehouse.policies.auth.Challenge;
import dev.gatehouse.policies.introspect.options.ErrorsOptions;
import dev.gatehouse.policies.introspect.options.ScopesOptions;
import dev.gatehouse.policies.introspect.options.StepUpOptions;
import dev.gatehouse.policies.introspect.options.token.BindingOptions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The replies to requests that are not let through, with the challenges of RFC 6750 section 3, made once. Immutable;
 * safe on any thread.
 */
public final class Refusals {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final String realm;
    private final ErrorsOptions errors;
    private final boolean expressGateway;
    private final ScopesOptions scopes;
    private final @Nullable StepUpOptions stepUp;
    private final String proofAlgorithms;
    private final boolean offersProofs;
    private final Map<Demand, Map<Denial, Reply>> prepared = new HashMap<>();

    /**
     * Makes the replies of a policy.
     *
     * @param offersProofs whether clients without a token are told that proofs are understood: where the file speaks of
     *     them. Clients of a file that does not expect one challenge, as ever.
     * @param endpoints those that the pipeline serves; others get their replies when needed
     */
    public Refusals(
            String realm,
            ErrorsOptions errors,
            CompatConfig.Status status,
            ScopesOptions scopes,
            @Nullable StepUpOptions stepUp,
            BindingOptions binding,
            boolean offersProofs,
            List<ApiEndpointConfig> endpoints) {
        this.realm = realm;
        this.errors = errors;
        expressGateway = status == CompatConfig.Status.EXPRESS_GATEWAY;
        this.scopes = scopes;
        this.stepUp = stepUp;
        proofAlgorithms = String.join(" ", binding.proofAlgorithms());
        this.offersProofs = offersProofs;
        endpoints.forEach(this::prepareAll);
    }

    /**
     * The reply to a request that is not let through.
     *
     * @param endpoint the endpoint that the request matched
     * @param method of the request, which may need scopes of its own
     * @param scheme how the token came, so that it is challenged in the same way
     */
    public Reply reply(Denial denial, ApiEndpoint endpoint, String method, Scheme scheme) {
        Demand demand = Demand.of(endpoint, scopes.forMethod(method));
        if (scheme == Scheme.DPOP) {
            return make(denial, demand, scheme);
        }
        Map<Denial, Reply> replies = prepared.get(demand);
        Reply reply = replies == null ? null : replies.get(denial);
        return reply == null ? make(denial, demand, scheme) : reply;
    }

    /** Nothing is known about the token: a matter of time, unless Express Gateway's status is wanted. */
    public Reply unavailable(Reply reply, int retryAfterSeconds) {
        return expressGateway ? reply : reply.withHeader("retry-after", Integer.toString(retryAfterSeconds));
    }

    private void prepareAll(ApiEndpointConfig endpoint) {
        prepared.computeIfAbsent(Demand.of(endpoint, List.of()), this::prepare);
        scopes.byMethod()
                .values()
                .forEach(needed -> prepared.computeIfAbsent(Demand.of(endpoint, needed), this::prepare));
    }

    private Map<Denial, Reply> prepare(Demand demand) {
        Map<Denial, Reply> replies = new EnumMap<>(Denial.class);
        for (Denial denial : Denial.values()) {
            replies.put(denial, make(denial, demand, Scheme.BEARER));
        }
        return replies;
    }

    private Reply make(Denial denial, Demand demand, Scheme scheme) {
        Reply reply = Reply.refuse(denial.refusal);
        if (expressGateway) {
            reply = reply.withStatus(UNAUTHORIZED);
        }
        reply = reply.withHeader("cache-control", "no-store");
        // A 503 says nothing about the token; a challenge would make clients throw it away.
        if (!denial.isServerFault() || expressGateway) {
            for (Challenge challenge : challenges(denial, demand, scheme, reply.status())) {
                reply = reply.withHeader("www-authenticate", challenge.text());
            }
        }
        return denial.error == null ? reply : reply.withError(denial.error, description(denial));
    }

    /** RFC 9449 section 7.2: who came without a token, or with the wrong scheme, is told of both. */
    private List<Challenge> challenges(Denial denial, Demand demand, Scheme scheme, int status) {
        boolean both = denial == Denial.DPOP || (denial == Denial.NO_TOKEN && offersProofs);
        List<Challenge> challenges = new ArrayList<>(2);
        if (scheme == Scheme.BEARER) {
            challenges.add(challenge(Challenge.of("Bearer", realm), denial, demand, status));
        }
        if (!proofAlgorithms.isEmpty() && (scheme == Scheme.DPOP || both)) {
            Challenge dpop = Challenge.of("DPoP", realm);
            // The error is about the scheme that was used; the other one is only offered.
            boolean offered = scheme == Scheme.BEARER && denial == Denial.DPOP;
            challenges.add((offered ? dpop : challenge(dpop, denial, demand, status)).with("algs", proofAlgorithms));
        }
        return challenges;
    }

    private Challenge challenge(Challenge plain, Denial denial, Demand demand, int status) {
        Challenge challenge = plain;
        if (denial.error != null) {
            challenge = challenge.with("error", denial.error).with("error_description", description(denial));
        }
        if (denial == Denial.STEP_UP && stepUp != null) {
            challenge = stepUp(challenge, stepUp);
        }
        boolean tellsScope = denial == Denial.NO_TOKEN || denial == Denial.SCOPE || denial == Denial.CLAIMS;
        List<String> needed = needed(demand.scopes(), demand.methodScopes());
        if (tellsScope && errors.showScope() && !needed.isEmpty()) {
            challenge = challenge.with("scope", String.join(" ", needed));
        }
        boolean asksForToken = (status == UNAUTHORIZED || status == FORBIDDEN) && !denial.isServerFault();
        if (asksForToken && demand.metadata() != null) {
            challenge = challenge.with("resource_metadata", demand.metadata());
        }
        return challenge;
    }

    /** RFC 9470 section 3: everything that the next login must meet, also what this one met. */
    private static Challenge stepUp(Challenge challenge, StepUpOptions needed) {
        Challenge told = challenge;
        if (!needed.acrValues().isEmpty()) {
            told = told.with("acr_values", String.join(" ", needed.acrValues()));
        }
        return needed.maxAge() == null
                ? told
                : told.with("max_age", Long.toString(needed.maxAge().toSeconds()));
    }

    private String description(Denial denial) {
        String text = denial.description == null ? "" : denial.description;
        return denial == Denial.EXPIRED && errors.detail() == ErrorsOptions.Detail.STANDARD
                ? Denial.Text.EXPIRED
                : text;
    }

    private List<String> needed(List<String> endpointScopes, List<String> methodScopes) {
        Set<String> needed = new LinkedHashSet<>(scopes.fromApiEndpoint() ? endpointScopes : List.of());
        needed.addAll(scopes.requiredNames());
        needed.addAll(methodScopes);
        return List.copyOf(needed);
    }
}
