package dev.gatehouse.policies.introspect;

import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Key;
import dev.gatehouse.config.bind.OneOrMany;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.exchange.AuthTrail;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.Reply;
import dev.gatehouse.policies.auth.BearerToken;
import dev.gatehouse.policies.auth.ClaimHeaders;
import dev.gatehouse.policies.auth.TokenSources;
import dev.gatehouse.policies.introspect.answer.Introspection;
import dev.gatehouse.policies.introspect.answer.Introspection.Active;
import dev.gatehouse.policies.introspect.answer.Introspection.Unavailable;
import dev.gatehouse.policies.introspect.binding.SenderConstraint;
import dev.gatehouse.policies.introspect.cache.TokenKey;
import dev.gatehouse.policies.introspect.check.TokenChecks;
import dev.gatehouse.policies.introspect.options.BindingOptions;
import dev.gatehouse.policies.introspect.options.CacheOptions;
import dev.gatehouse.policies.introspect.options.ClaimsOptions;
import dev.gatehouse.policies.introspect.options.ClientAuthOptions;
import dev.gatehouse.policies.introspect.options.ErrorsOptions;
import dev.gatehouse.policies.introspect.options.IdentityOptions;
import dev.gatehouse.policies.introspect.options.RequestOptions;
import dev.gatehouse.policies.introspect.options.ResilienceOptions;
import dev.gatehouse.policies.introspect.options.ResponseOptions;
import dev.gatehouse.policies.introspect.options.ScopesOptions;
import dev.gatehouse.policies.introspect.options.StepUpOptions;
import dev.gatehouse.policies.introspect.options.TlsOptions;
import dev.gatehouse.policies.introspect.options.TokenOptions;
import dev.gatehouse.policies.introspect.refusal.Denial;
import dev.gatehouse.policies.introspect.refusal.Refusals;
import dev.gatehouse.policies.introspect.server.AuthorizationServer;
import dev.gatehouse.policies.introspect.server.AuthorizationServer.Question;
import dev.gatehouse.policies.introspect.server.AuthorizationServer.Surroundings;
import dev.gatehouse.policies.introspect.trial.TokenTrial;
import dev.gatehouse.policies.introspect.trial.TokenTrials;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.policy.PolicyFactory;
import dev.gatehouse.policy.Verdict;
import java.net.URI;
import java.util.List;
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
    /** The options; the first five are those of Express Gateway. */
    public record Config(
            @Doc("URL of the introspection endpoint; its query is kept.")
            URI endpoint,

            @Doc("Sent to the endpoint as the Authorization header, exactly as written.")
            @Key("authorization_value")
            @Nullable
            Secret authorizationValue,

            @Doc("Seconds for which an answer is used again; 0 = until the token ends, below 0 = never.") @Default("60")
            int ttl,

            @Doc("Milliseconds until the first byte of an answer.") @Default("10000")
            int timeout,

            @Doc("Lets refused requests through as anonymous.") @Default("false")
            boolean passThrough,

            @Doc("Which failures passThrough covers: 'refused', only a 'missing' token, or 'always'.")
            @Default("refused")
            TokenOptions.PassThroughOn passThroughOn,

            @Doc("Realm in challenges.") @Default("gateway") String realm,

            @Doc("Whether the service gets the token: 'header' or 'none'.") @Default("header")
            TokenOptions.ForwardToken forwardToken,

            @Doc("Where tokens are looked for: 'header', 'query'.") @Default("[header, query]") @OneOrMany
            List<TokenOptions.TokenSource> tokenSources,

            @Doc("Longest token in bytes.") @Default("16384")
            int maxTokenLength,

            @Doc("Characters of a token: 'visible' or the stricter 'b64token' of RFC 6750.") @Default("visible")
            TokenOptions.TokenFormat tokenFormat,

            @Doc("What is asked.") @Default("{}") RequestOptions request,

            @Doc("Client authentication at the endpoint, instead of authorization_value.") @Nullable
            ClientAuthOptions clientAuth,

            @Doc("TLS towards the endpoint.") @Default("{}") TlsOptions tls,

            @Doc("What an answer may look like.") @Default("{}")
            ResponseOptions response,

            @Doc("Checks of the token's claims.") @Default("{}")
            ClaimsOptions claims,

            @Doc("Which scopes a request needs.") @Default("{}")
            ScopesOptions scopes,

            @Doc("How well the user must have logged in; absent = however.") @Nullable
            StepUpOptions stepUp,

            @Doc("What tokens may be bound to.") @Default("{}")
            BindingOptions senderConstraint,

            @Doc("What is remembered.") @Default("{}") CacheOptions cache,

            @Doc("What happens when the server is slow or down.") @Default("{}")
            ResilienceOptions resilience,

            @Doc("What refused clients see.") @Default("{}") ErrorsOptions errors,
            @Doc("What the service learns.") @Default("{}") IdentityOptions identity) {
        public Config {
            boolean http =
                    "http".equalsIgnoreCase(endpoint.getScheme()) || "https".equalsIgnoreCase(endpoint.getScheme());
            if (!http
                    || endpoint.getHost() == null
                    || endpoint.getRawUserInfo() != null
                    || endpoint.getRawFragment() != null) {
                throw new IllegalArgumentException(
                        "endpoint: not an absolute http or https URL without user name and fragment");
            }
            if (timeout < 1) {
                throw new IllegalArgumentException("timeout: " + timeout + " (expected: 1 or more milliseconds)");
            }
            if (authorizationValue != null && clientAuth != null) {
                throw new IllegalArgumentException("clientAuth: cannot be combined with authorization_value");
            }
            if (authorizationValue != null && authorizationValue.reveal().isEmpty()) {
                authorizationValue = null; // as Express Gateway: an empty value is no value
            }
            if (tokenSources.isEmpty()) {
                throw new IllegalArgumentException("tokenSources: empty (expected: header, query)");
            }
            tokenSources = List.copyOf(tokenSources);
        }
    }

    /** Makes the policy of a step. */
    public static final class Factory implements PolicyFactory<Config> {
        @Override
        public String name() {
            return "oauth2-introspect";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Policy create(Config config, PolicyContext context) {
            new StartCheck(config, context).run();
            IntrospectionPlan plan = IntrospectionPlan.of(config, context);
            IntrospectionServers servers = context.shared(new IntrospectionServers.Key(), IntrospectionServers::new);
            AuthorizationServer server = context.shared(
                    AuthorizationServer.Key.of(plan.request(), plan.limits()),
                    () -> servers.open(
                            plan.request(),
                            plan.limits(),
                            new Surroundings(context.http(), context.meters(), context.clock(), context.ticker())));
            server.retain(plan.reuse());
            RevocationDelays.Key delay = new RevocationDelays.Key(context.pipeline(), plan.revocationDelaySeconds());
            context.shared(delay, () -> servers.revocationDelays().open(context.meters(), delay));
            context.guard("introspect " + config.endpoint(), plan.revocationDelaySeconds());
            OAuth2IntrospectPolicy policy = new OAuth2IntrospectPolicy(config, plan, server, context);
            TokenTrials trials = context.shared(new TokenTrials.Key(), TokenTrials::new);
            context.shared(
                    new TokenTrials.Step(context.pipeline(), context.step().path(), config),
                    () -> trials.open(context.pipeline(), policy.trial(config, context)));
            return policy;
        }

        @Override
        public boolean authenticates() {
            return true;
        }
    }

    private final IntrospectionPlan plan;
    private final AuthorizationServer server;
    private final TokenSources sources;
    private final TokenChecks checks;
    private final Refusals refusals;
    private final ClaimHeaders claimHeaders;
    private final Forwarding forwarding;
    private final PolicyMeters meters;
    private final TokenOptions.@Nullable PassThroughOn passThroughOn;
    private final LongSupplier ticker;

    private OAuth2IntrospectPolicy(
            Config config, IntrospectionPlan plan, AuthorizationServer server, PolicyContext context) {
        this.plan = plan;
        this.server = server;
        sources = new TokenSources(
                TokenOptions.TokenSource.places(config.tokenSources()),
                config.tokenFormat() == TokenOptions.TokenFormat.B64TOKEN,
                config.maxTokenLength());
        meters = new PolicyMeters(context);
        checks = new TokenChecks(
                new TokenChecks.Rules(config.claims(), config.scopes(), config.stepUp()),
                new SenderConstraint(config.senderConstraint()),
                context.clock(),
                meters.withoutAudience());
        refusals = new Refusals(
                config.realm(),
                config.errors(),
                config.errors().style() == null
                        ? context.compat().status()
                        : config.errors().style(),
                config.scopes(),
                config.stepUp(),
                context.apiEndpoints().stream().map(ApiEndpointConfig::scopes).toList());
        claimHeaders = config.identity().claimHeaders(meters.droppedClaims());
        claimHeaders.names().forEach(context::ownRequestHeader);
        forwarding = new Forwarding(sources, config.forwardToken() == TokenOptions.ForwardToken.HEADER);
        passThroughOn = config.passThrough() ? config.passThroughOn() : null;
        ticker = context.ticker();
    }

    private TokenTrial trial(Config config, PolicyContext context) {
        return new TokenTrial(
                context.step().path(),
                new TokenTrial.Gate(server, plan.reuse(), plan.bounds(), sources, checks, refusals, this::passes),
                new TokenTrial.Options(config.claims(), config.scopes(), config.stepUp(), config.cache()),
                context.clock());
    }

    @Override
    public Verdict apply(Exchange exchange) {
        BearerToken token = sources.find(exchange.request());
        if (token.flaw() != null) {
            return deny(exchange, token, Denial.of(token.flaw()), 1);
        }
        TokenKey key = server.key(token.text(), token.start(), token.end());
        Introspection known = server.known(key, plan.reuse());
        if (known != null) {
            exchange.auth().source(known instanceof Active ? AuthTrail.Source.CACHE : AuthTrail.Source.NEGATIVE, 0);
            return decide(exchange, token, key, known, false);
        }
        long asked = ticker.getAsLong();
        Question question = server.ask(key, token.value(), plan.reuse(), plan.bounds());
        return Verdict.await(
                question.answer(),
                plan.bounds().totalTimeout(),
                () -> {
                    trail(exchange, question, asked);
                    exchange.auth().tokenFingerprint(key.fingerprint());
                    return deny(exchange, token, Denial.SERVER_TIMEOUT, 1);
                },
                answer -> {
                    trail(exchange, question, asked);
                    return decide(exchange, token, key, answer, true);
                });
    }

    private void trail(Exchange exchange, Question question, long asked) {
        exchange.auth()
                .source(
                        question.joined() ? AuthTrail.Source.JOINED : AuthTrail.Source.INTROSPECTED,
                        ticker.getAsLong() - asked);
    }

    private Verdict decide(Exchange exchange, BearerToken token, TokenKey key, Introspection answer, boolean fresh) {
        if (answer instanceof Active active) {
            exchange.auth().tokenFingerprint(active.fingerprint());
            Denial denial = checks.check(active, exchange, fresh);
            return denial == null ? accept(exchange, token, active) : deny(exchange, token, denial, 1);
        }
        exchange.auth().tokenFingerprint(key.fingerprint());
        if (answer instanceof Unavailable unavailable) {
            return deny(exchange, token, Denial.of(unavailable.cause()), unavailable.retryAfterSeconds());
        }
        return deny(exchange, token, Denial.INACTIVE, 1);
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
        List<String> scopes = exchange.endpoint().scopes();
        String method = exchange.request().method().name();
        Reply reply = denial.isServerFault()
                ? refusals.unavailable(denial, scopes, method, retryAfterSeconds)
                : refusals.reply(denial, scopes, method);
        return Verdict.reply(reply);
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
