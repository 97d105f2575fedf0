package dev.gatehouse.policies.introspect;

import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.exchange.AuthTrail;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policies.auth.BearerToken;
import dev.gatehouse.policies.auth.TokenForm;
import dev.gatehouse.policies.auth.TokenSources;
import dev.gatehouse.policies.auth.claim.ClaimHeaders;
import dev.gatehouse.policies.introspect.answer.Introspection;
import dev.gatehouse.policies.introspect.answer.Introspection.Active;
import dev.gatehouse.policies.introspect.answer.Introspection.Unavailable;
import dev.gatehouse.policies.introspect.answer.TokenFacts.Confirmation;
import dev.gatehouse.policies.introspect.binding.ProofOfPossession;
import dev.gatehouse.policies.introspect.binding.SenderConstraint;
import dev.gatehouse.policies.introspect.cache.Reuse;
import dev.gatehouse.policies.introspect.cache.TokenKey;
import dev.gatehouse.policies.introspect.check.JwtPrecheck;
import dev.gatehouse.policies.introspect.client.IntrospectionPlan;
import dev.gatehouse.policies.introspect.options.IntrospectOptions;
import dev.gatehouse.policies.introspect.options.token.TokenOptions;
import dev.gatehouse.policies.introspect.refusal.Denial;
import dev.gatehouse.policies.introspect.refusal.Refusals;
import dev.gatehouse.policies.introspect.report.Cause;
import dev.gatehouse.policies.introspect.server.AuthorizationServer;
import dev.gatehouse.policies.introspect.server.AuthorizationServer.Question;
import dev.gatehouse.policies.introspect.start.StartCheck;
import dev.gatehouse.policies.introspect.trial.TokenTrial;
import dev.gatehouse.policies.introspect.trial.TokenTrials;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.policy.PolicyFactory;
import dev.gatehouse.policy.Verdict;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request through when an authorization server calls its bearer token active (RFC 7662, RFC 6750).
 *
 * <pre>{@code
 * - oauth2-introspect:
 *     - action:
 *         endpoint: https://login.example.com/introspect
 *         authorization_value: Basic Z2F0ZXdheTpzZWNyZXQ=
 *         ttl: 60                     # seconds for which an answer is used again
 * }</pre>
 *
 * <p>After success the answer is {@code req.user} and {@code consumer}. Answers are cached, decisions are not: every
 * request is checked against the clock, the claims that the configuration asks for and the scopes of its endpoint.
 * What cannot be found out is refused with 503.
 */
public final class OAuth2IntrospectPolicy implements Policy {
    /** Makes the policy of a step. */
    public static final class Factory implements PolicyFactory<IntrospectOptions> {
        @Override
        public String name() {
            return "oauth2-introspect";
        }

        @Override
        public Class<IntrospectOptions> config() {
            return IntrospectOptions.class;
        }

        @Override
        public Policy create(IntrospectOptions config, PolicyContext context) {
            new StartCheck(config, context).run();
            PolicyMeters meters = new PolicyMeters(context);
            Providers providers = config.providers().isEmpty()
                    ? Providers.of(Provider.open(config, context, meters, Provider.Place.ONLY))
                    : new ProviderBlocks(config, context, meters).open();
            new ProtectedResources(config, context, providers.issuers()).publish();
            OAuth2IntrospectPolicy policy = new OAuth2IntrospectPolicy(config, providers, meters, context);
            policy.listTrials(config, context);
            return policy;
        }

        @Override
        public boolean authenticates() {
            return true;
        }
    }

    private static final Introspection LATE = new Unavailable(Cause.RESPONSE_TIMEOUT, 1);

    private final Providers providers;
    private final TokenSources sources;
    private final Refusals refusals;
    private final ClaimHeaders claimHeaders;
    private final Forwarding forwarding;
    private final PolicyMeters meters;
    private final TokenOptions.@Nullable PassThroughOn passThroughOn;
    private final boolean skipPreflight;
    private final LongSupplier ticker;

    private OAuth2IntrospectPolicy(
            IntrospectOptions config, Providers providers, PolicyMeters meters, PolicyContext context) {
        this.providers = providers;
        sources = config.sources();
        this.meters = meters;
        refusals = new Refusals(
                config.realm(),
                config.errors(),
                config.errors().style() == null
                        ? context.compat().status()
                        : config.errors().style(),
                config.scopes(),
                config.stepUp(),
                config.senderConstraint(),
                speaksOfProofs(context.step().action()),
                context.apiEndpoints());
        claimHeaders = config.identity().claimHeaders(meters.droppedClaims());
        claimHeaders.names().forEach(context::ownRequestHeader);
        SenderConstraint.ownedHeaders(config.senderConstraint()).forEach(context::ownRequestHeader);
        forwarding = new Forwarding(sources, config.forwardToken() == TokenOptions.ForwardToken.HEADER);
        passThroughOn = config.passThrough() ? config.passThroughOn() : null;
        skipPreflight = config.skipPreflight();
        ticker = context.ticker();
    }

    private static boolean speaksOfProofs(Node.@Nullable Mapping action) {
        return action != null
                && action.get("senderConstraint") instanceof Node.Mapping constraint
                && constraint.get("dpop") != null;
    }

    /** Lets {@code try-token} ask the servers of this step. */
    private void listTrials(IntrospectOptions config, PolicyContext context) {
        TokenTrials trials = context.shared(new TokenTrials.Key(), TokenTrials::new);
        String step = context.step().path();
        context.shared(
                new TokenTrials.Step(context.pipeline(), step, config),
                () -> trials.open(
                        context.pipeline(),
                        providers.trials(step, new TokenTrial.Gate(sources, refusals, this::passes, context.clock()))));
    }

    @Override
    public Verdict apply(Exchange exchange) {
        if (skipPreflight && Preflight.isOne(exchange)) {
            exchange.auth().result(AuthTrail.Result.NONE, null);
            exchange.identify(null);
            claimHeaders.remove(exchange.request().headers());
            forwarding.prepareUnseen(exchange);
            return Verdict.next();
        }
        TokenForm form = sources.form();
        return form != null && form.isIn(exchange)
                ? form.read(exchange, body -> authenticate(exchange, sources.find(exchange.request(), body)))
                : authenticate(exchange, sources.find(exchange.request()));
    }

    private Verdict authenticate(Exchange exchange, BearerToken token) {
        if (token.flaw() != null) {
            return deny(exchange, token, Denial.of(token.flaw()), 1);
        }
        @Nullable Provider provider = providers.choose(exchange, token);
        return provider == null ? deny(exchange, token, Denial.ISSUER, 1) : introspect(exchange, token, provider);
    }

    private Verdict introspect(Exchange exchange, BearerToken token, Provider provider) {
        AuthorizationServer server = provider.server();
        IntrospectionPlan plan = provider.plan();
        TokenKey key = server.key(token.text(), token.start(), token.end());
        Reuse reuse = plan.reuse().of(exchange.request().method().name());
        Introspection known = server.known(key, token, reuse, plan.bounds());
        if (known != null) {
            exchange.auth().source(known instanceof Active ? AuthTrail.Source.CACHE : AuthTrail.Source.NEGATIVE, 0);
            return decide(exchange, token, provider, key, known, false);
        }
        JwtPrecheck precheck = provider.precheck();
        Denial denial = precheck == null ? null : precheck.refusal(token.text(), token.start(), token.end());
        if (denial != null) {
            exchange.auth().tokenFingerprint(key.fingerprint());
            return deny(exchange, token, denial, 1);
        }
        return ask(exchange, token, provider, key, reuse);
    }

    private Verdict ask(Exchange exchange, BearerToken token, Provider provider, TokenKey key, Reuse reuse) {
        AuthorizationServer server = provider.server();
        IntrospectionPlan plan = provider.plan();
        long asked = ticker.getAsLong();
        Question question = server.ask(key, token.value(), reuse, plan.bounds());
        Function<Introspection, Verdict> found = answer -> {
            Introspection usable = server.orStale(key, reuse, answer);
            boolean stale = usable instanceof Active && answer instanceof Unavailable;
            trail(exchange, question, stale, asked);
            return decide(exchange, token, provider, key, usable, !stale);
        };
        return Verdict.await(question.answer(), plan.bounds().totalTimeout(), () -> found.apply(LATE), found);
    }

    private void trail(Exchange exchange, Question question, boolean stale, long asked) {
        AuthTrail.Source source = question.joined() ? AuthTrail.Source.JOINED : AuthTrail.Source.INTROSPECTED;
        exchange.auth().source(stale ? AuthTrail.Source.STALE : source, ticker.getAsLong() - asked);
    }

    private Verdict decide(
            Exchange exchange,
            BearerToken token,
            Provider provider,
            TokenKey key,
            Introspection answer,
            boolean fresh) {
        if (answer instanceof Active active) {
            exchange.auth().tokenFingerprint(active.fingerprint());
            Denial denial = provider.checks().check(active, exchange, fresh);
            Confirmation confirmation = active.facts().confirmation();
            ProofOfPossession possession = provider.possession();
            return possession.concerns(token, confirmation) && (denial == null || denial.isAfterBinding())
                    ? possession.demand(
                            exchange,
                            token,
                            confirmation,
                            unproven -> conclude(exchange, token, active, unproven == null ? denial : unproven))
                    : conclude(exchange, token, active, denial);
        }
        exchange.auth().tokenFingerprint(key.fingerprint());
        if (answer instanceof Unavailable unavailable) {
            return deny(exchange, token, Denial.of(unavailable.cause()), unavailable.retryAfterSeconds());
        }
        @Nullable Provider next = providers.after(provider, exchange, token);
        return next == null ? deny(exchange, token, Denial.INACTIVE, 1) : introspect(exchange, token, next);
    }

    private Verdict conclude(Exchange exchange, BearerToken token, Active active, @Nullable Denial denial) {
        return denial == null ? accept(exchange, token, active) : deny(exchange, token, denial, 1);
    }

    private Verdict accept(Exchange exchange, BearerToken token, Active active) {
        exchange.auth().result(AuthTrail.Result.OK, null);
        exchange.identify(active.identity());
        claimHeaders.set(exchange.request().headers(), active.identity().claims());
        forwarding.prepare(exchange, token);
        return Verdict.next();
    }

    private Verdict deny(Exchange exchange, BearerToken token, Denial denial, int retryAfterSeconds) {
        if (passes(denial)) {
            exchange.auth().result(AuthTrail.Result.NONE, denial.reason);
            exchange.identify(null);
            claimHeaders.remove(exchange.request().headers());
            forwarding.prepareAnonymous(exchange, token);
            return Verdict.next();
        }
        meters.denied(denial);
        exchange.auth()
                .result(denial.isServerFault() ? AuthTrail.Result.ERROR : AuthTrail.Result.DENIED, denial.reason);
        String method = exchange.request().method().name();
        Reply reply = refusals.reply(denial, exchange.endpoint(), method, token.scheme());
        return Verdict.reply(denial.isServerFault() ? refusals.unavailable(reply, retryAfterSeconds) : reply);
    }

    private boolean passes(Denial denial) {
        if (passThroughOn == null) {
            return false;
        }
        return switch (passThroughOn) {
            case MISSING -> denial == Denial.NO_TOKEN;
            case REFUSED -> !denial.isServerFault();
            case ALWAYS -> true;
        };
    }
}
