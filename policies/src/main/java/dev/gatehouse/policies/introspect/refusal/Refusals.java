package dev.gatehouse.policies.introspect.refusal;

import dev.gatehouse.config.CompatConfig;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policies.auth.Challenge;
import dev.gatehouse.policies.introspect.options.ErrorsOptions;
import dev.gatehouse.policies.introspect.options.ScopesOptions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
    private final List<String> required;
    private final boolean fromApiEndpoint;
    private final Map<Demand, Map<Denial, Reply>> prepared = new HashMap<>();

    /** @param endpoints what the endpoints ask for that the pipeline serves; others get their replies when needed */
    public Refusals(
            String realm,
            ErrorsOptions errors,
            CompatConfig.Status status,
            ScopesOptions scopes,
            List<Demand> endpoints) {
        this.realm = realm;
        this.errors = errors;
        expressGateway = status == CompatConfig.Status.EXPRESS_GATEWAY;
        required = scopes.requiredNames();
        fromApiEndpoint = scopes.fromApiEndpoint();
        endpoints.forEach(needed -> prepared.computeIfAbsent(needed, this::prepare));
    }

    /** @param demand what the matched endpoint needs */
    public Reply reply(Denial denial, Demand demand) {
        Map<Denial, Reply> replies = prepared.get(demand);
        Reply reply = replies == null ? null : replies.get(denial);
        return reply == null ? make(denial, demand) : reply;
    }

    /** Nothing is known about the token: a matter of time, unless Express Gateway's status is wanted. */
    public Reply unavailable(Denial denial, Demand demand, int retryAfterSeconds) {
        Reply reply = reply(denial, demand);
        return expressGateway ? reply : reply.withHeader("retry-after", Integer.toString(retryAfterSeconds));
    }

    private Map<Denial, Reply> prepare(Demand demand) {
        Map<Denial, Reply> replies = new EnumMap<>(Denial.class);
        for (Denial denial : Denial.values()) {
            replies.put(denial, make(denial, demand));
        }
        return replies;
    }

    private Reply make(Denial denial, Demand demand) {
        Reply reply = Reply.refuse(denial.refusal);
        if (expressGateway) {
            reply = reply.withStatus(UNAUTHORIZED);
        }
        reply = reply.withHeader("cache-control", "no-store");
        // A 503 says nothing about the token; a challenge would make clients throw it away.
        if (!denial.isServerFault() || expressGateway) {
            reply = reply.withHeader("www-authenticate", challenge(denial, demand, reply.status()));
        }
        return denial.error == null ? reply : reply.withError(denial.error, description(denial));
    }

    private String challenge(Denial denial, Demand demand, int status) {
        Challenge challenge = Challenge.of("Bearer", realm);
        if (denial.error != null) {
            challenge = challenge.with("error", denial.error).with("error_description", description(denial));
        }
        boolean tellsScope = denial == Denial.NO_TOKEN || denial == Denial.SCOPE;
        List<String> needed = needed(demand.scopes());
        if (tellsScope && errors.showScope() && !needed.isEmpty()) {
            challenge = challenge.with("scope", String.join(" ", needed));
        }
        boolean asksForToken = (status == UNAUTHORIZED || status == FORBIDDEN) && !denial.isServerFault();
        if (asksForToken && demand.metadata() != null) {
            challenge = challenge.with("resource_metadata", demand.metadata());
        }
        return challenge.text();
    }

    private String description(Denial denial) {
        String text = denial.description == null ? "" : denial.description;
        return denial == Denial.EXPIRED && errors.detail() == ErrorsOptions.Detail.STANDARD
                ? Denial.Text.EXPIRED
                : text;
    }

    private List<String> needed(List<String> endpointScopes) {
        List<String> needed = new ArrayList<>(fromApiEndpoint ? endpointScopes : List.of());
        required.stream().filter(scope -> !needed.contains(scope)).forEach(needed::add);
        return needed;
    }
}
