package dev.gatehouse.policies.introspect;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.policies.introspect.OAuth2IntrospectPolicy.Config;
import dev.gatehouse.policies.introspect.options.BindingOptions;
import dev.gatehouse.policies.introspect.options.CacheOptions;
import dev.gatehouse.policies.introspect.options.TokenOptions;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.PolicyContext;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the operator is told at start: contradictions and options that are not there yet are errors, because a security
 * option that does nothing is a hole; risky settings are warnings. Start-up thread.
 */
final class StartCheck {
    private static final int LONG_TTL_SECONDS = 300;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final Config config;
    private final PolicyContext context;

    StartCheck(Config config, PolicyContext context) {
        this.config = config;
        this.context = context;
    }

    /** @throws ConfigProblem when the policy cannot be made */
    void run() {
        new UnsupportedOptions(context).check();
        refuseContradictions();
        refuseTwoIdentities();
        new AdditionsCheck(config, context).run();
        warnAboutConnection();
        warnAboutTokens();
        warnAboutCache();
    }

    private void refuseContradictions() {
        boolean required = config.senderConstraint().mtls() == BindingOptions.Binding.REQUIRED;
        if (config.passThrough() && required && config.passThroughOn() != TokenOptions.PassThroughOn.MISSING) {
            refuse(
                    "passThrough",
                    "'passThrough: true' would let every token without its certificate through as anonymous,"
                            + " although 'senderConstraint.mtls' is 'required'",
                    "set 'passThroughOn: missing', or remove one of the two.");
        }
        if (config.senderConstraint().dpop() == BindingOptions.Binding.REQUIRED) {
            refuse(
                    "senderConstraint",
                    "'senderConstraint.dpop: required' is not supported yet, because proofs are not verified",
                    "'auto' refuses tokens that are bound to a DPoP key.");
        }
    }

    private void refuseTwoIdentities() {
        if (config.authorizationValue() != null && config.clientAuth() != null) {
            refuse(
                    "clientAuth",
                    "'clientAuth' and 'authorization_value' both say who the gateway is",
                    "remove one of them.");
        }
        boolean secure = "https".equalsIgnoreCase(config.endpoint().getScheme());
        if (config.clientAuth() != null && config.clientAuth().isTls() && !secure) {
            refuse(
                    "clientAuth",
                    "'clientAuth.method: " + config.clientAuth().method()
                            + "' shows a certificate, which 'endpoint' cannot see without TLS",
                    "use an endpoint with https.");
        }
    }

    private void warnAboutConnection() {
        boolean secure = "https".equalsIgnoreCase(config.endpoint().getScheme());
        if (!secure && !LOOPBACK.contains(config.endpoint().getHost())) {
            warn(
                    "W0421",
                    "endpoint",
                    "tokens travel unencrypted to '" + config.endpoint().getHost() + "'",
                    "use https.");
        }
        URI tokenEndpoint =
                config.clientAuth() == null ? null : config.clientAuth().tokenEndpoint();
        if (tokenEndpoint != null
                && !"https".equalsIgnoreCase(tokenEndpoint.getScheme())
                && !LOOPBACK.contains(tokenEndpoint.getHost())) {
            warn(
                    "W0421",
                    "clientAuth",
                    "the client secret travels unencrypted to '" + tokenEndpoint.getHost() + "'",
                    "use https.");
        }
        if (config.tls().insecureSkipVerify()) {
            warn("W0422", "tls", "the certificate of the authorization server is not verified", "set 'tls.ca'.");
        }
        if (config.authorizationValue() == null && config.clientAuth() == null) {
            warn(
                    "W0423",
                    "endpoint",
                    "the gateway does not authenticate at the authorization server",
                    "set 'authorization_value' or 'clientAuth'.");
        }
    }

    private void warnAboutTokens() {
        if (config.tokenSources().contains(TokenOptions.TokenSource.QUERY)) {
            warn(
                    "W0424",
                    "tokenSources",
                    "tokens are accepted in the query, where browsers and proxies keep them",
                    "set 'tokenSources: [header]' when no client needs it.");
        }
        if (config.claims().audience().isEmpty()) {
            warn(
                    "W0425",
                    "claims",
                    "tokens for any audience are accepted",
                    "set 'claims.audience' to the name of this API.");
        }
    }

    private void warnAboutCache() {
        CacheOptions cache = config.cache();
        if (!cache.enabled()) {
            return;
        }
        if (config.ttl() > LONG_TTL_SECONDS) {
            warn(
                    "W0426",
                    "ttl",
                    "a revoked token passes for up to " + config.ttl() + " s",
                    "a ttl of at most " + LONG_TTL_SECONDS + " is usual.");
        }
        if (config.ttl() == 0 && cache.ttlZero().equals(CacheOptions.UNTIL_EXP) && cache.maxTtl() == null) {
            warn(
                    "W0427",
                    "ttl",
                    "revocation delay: unbounded; with 'ttl: 0' an answer is used until the token ends",
                    "set a ttl, or 'cache.ttlZero: noCache' for what Express Gateway did.");
        }
    }

    private void warn(String code, String key, String message, String hint) {
        context.problems().warn(code, span(key), path(key), "pipeline '" + context.pipeline() + "': " + message, hint);
    }

    private void refuse(String key, String message, String hint) {
        Problem problem = new Problem("E0421", Severity.ERROR, span(key), path(key), message, List.of(hint));
        context.problems().add(problem);
        throw new ConfigProblem(problem);
    }

    private String path(String key) {
        return context.step().path() + ".action." + key;
    }

    private Span span(String key) {
        Node.@Nullable Mapping action = context.step().action();
        @Nullable Node value = action == null ? null : action.get(key);
        return value == null ? context.step().span() : value.span();
    }
}
