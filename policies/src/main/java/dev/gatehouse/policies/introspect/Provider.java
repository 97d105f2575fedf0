package dev.gatehouse.policies.introspect;

import dev.gatehouse.policies.introspect.binding.ProofOfPossession;
import dev.gatehouse.policies.introspect.binding.SenderConstraint;
import dev.gatehouse.policies.introspect.check.JwtPrecheck;
import dev.gatehouse.policies.introspect.check.TokenChecks;
import dev.gatehouse.policies.introspect.client.IntrospectionPlan;
import dev.gatehouse.policies.introspect.options.IntrospectOptions;
import dev.gatehouse.policies.introspect.provider.ProviderMatch;
import dev.gatehouse.policies.introspect.server.AuthorizationServer;
import dev.gatehouse.policies.introspect.server.AuthorizationServer.Surroundings;
import dev.gatehouse.policies.introspect.server.EndpointSet;
import dev.gatehouse.policies.introspect.trial.TokenTrial;
import dev.gatehouse.policy.PolicyContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One authorization server as a policy uses it: whom to ask, how, and what its tokens must hold. Immutable.
 *
 * @param possession what its tokens demand besides themselves
 * @param precheck refuses without a call what cannot be any good; null = every unknown token is asked about
 * @param issuers who its tokens come from, as far as the configuration tells
 * @param match which requests it is for
 * @param tryNext whether a token that it does not know may be shown to the next one
 * @param config its options
 */
record Provider(
        AuthorizationServer server,
        IntrospectionPlan plan,
        TokenChecks checks,
        ProofOfPossession possession,
        @Nullable JwtPrecheck precheck,
        List<String> issuers,
        ProviderMatch match,
        boolean tryNext,
        IntrospectOptions config) {
    /**
     * How a provider is chosen.
     *
     * @param name part of the introspection identity; null = it is the only one
     */
    record Place(@Nullable String name, ProviderMatch match, boolean tryNext) {
        /** For every request. */
        static final Place ONLY = new Place(null, ProviderMatch.ALL, false);
    }

    /** Opens or shares the server that {@code config} names, and declares what it means for the pipeline. */
    static Provider open(IntrospectOptions config, PolicyContext context, PolicyMeters meters, Place place) {
        IntrospectionPlan plan = IntrospectionPlan.of(config, context, place.name());
        IntrospectionServers servers = context.shared(new IntrospectionServers.Key(), IntrospectionServers::new);
        AuthorizationServer server = context.shared(
                AuthorizationServer.Key.of(plan.endpoints(), plan.limits()),
                () -> servers.open(
                        plan.endpoints(),
                        plan.limits(),
                        new Surroundings(context.http(), context.meters(), context.clock(), context.ticker())));
        server.retain(plan.reuse().longest());
        RevocationDelays.Key delay =
                new RevocationDelays.Key(context.pipeline(), server.alias(), plan.revocationDelaySeconds());
        context.shared(delay, () -> servers.revocationDelays().open(context.meters(), delay));
        context.guard(description(config, plan.endpoints(), place.name()), plan.revocationDelaySeconds());
        TokenChecks checks = new TokenChecks(
                new TokenChecks.Rules(config.claims(), config.scopes(), config.stepUp()),
                new SenderConstraint(config.senderConstraint()),
                context.clock(),
                meters.withoutAudience());
        List<String> issuers = config.issuer() == null
                ? config.claims().issuer()
                : List.of(config.issuer().toString());
        JwtPrecheck precheck = config.jwtPrecheck() ? new JwtPrecheck(config.claims(), context.clock()) : null;
        ProofOfPossession possession =
                new ProofOfPossession(config.senderConstraint().dpop(), server.alias(), context);
        return new Provider(
                server, plan, checks, possession, precheck, issuers, place.match(), place.tryNext(), config);
    }

    /** The same server, ready to try a token. */
    TokenTrial trial(String step, TokenTrial.Gate gate) {
        TokenTrial.Server asked =
                new TokenTrial.Server(server, plan.reuse().longest(), plan.bounds(), checks, precheck, match, tryNext);
        return new TokenTrial(
                step,
                gate,
                asked,
                new TokenTrial.Options(config.claims(), config.scopes(), config.stepUp(), config.cache()));
    }

    private static String description(IntrospectOptions config, EndpointSet endpoints, @Nullable String name) {
        StringBuilder text = new StringBuilder("introspect ");
        if (name != null) {
            text.append('\'').append(name).append("' ");
        }
        if (config.issuer() != null) {
            return text.append("issuer ").append(config.issuer()).toString();
        }
        if (config.endpoint() != null) {
            return text.append(config.endpoint()).toString();
        }
        for (int i = 0; i < config.endpoints().size(); i++) {
            text.append(i == 0 ? "" : ", ").append(config.endpoints().get(i));
        }
        boolean several = endpoints.requests().size() > 1;
        return several ? text.append(" (").append(config.strategy()).append(')').toString() : text.toString();
    }
}
