package dev.gatehouse.policies.introspect.start;

import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.policies.introspect.discovery.ServerUrl;
import dev.gatehouse.policies.introspect.options.IntrospectOptions;
import dev.gatehouse.policies.introspect.options.token.BindingOptions;
import dev.gatehouse.policies.introspect.options.token.TokenOptions;
import dev.gatehouse.policies.introspect.options.token.TokenSource;
import dev.gatehouse.policies.introspect.provider.ProviderContext;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.PolicyContext;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator is told at start: contradictions and options that are not there yet are errors, because a security
 * option that does nothing is a hole; risky settings are warnings. Start-up thread.
 */
public final class StartCheck {
    private final IntrospectOptions config;
    private final PolicyContext context;
    private final ServerChoice servers;

    /**
     * A check of one block of options.
     *
     * @param context of the policy, or of the provider whose options {@code config} are
     */
    public StartCheck(IntrospectOptions config, PolicyContext context) {
        this.config = config;
        this.context = context;
        servers = new ServerChoice(config, context);
    }

    /**
     * Tells everything that can be told at start.
     *
     * @throws ConfigProblem when the policy cannot be made
     */
    public void run() {
        new UnsupportedOptions(context).check();
        servers.check();
        refuseContradictions();
        refuseTwoIdentities();
        new AdditionsCheck(config.request(), context).run();
        refuseWhatDoesNothing();
        if (!(context instanceof ProviderContext)) {
            new BindingCheck(config.senderConstraint(), this).run();
        }
        if (config.providers().isEmpty()) {
            new CacheCheck(config, this).run();
            new AnswerCheck(config, this).run(context.step().action());
            warnAboutConnection();
            warnAboutAudience();
        }
        if (!(context instanceof ProviderContext)) {
            warnAboutSources();
        }
    }

    private void refuseContradictions() {
        BindingOptions binding = config.senderConstraint();
        boolean required = binding.requiresCertificates() || binding.requiresProofs();
        if (config.passThrough() && required && config.passThroughOn() != TokenOptions.PassThroughOn.MISSING) {
            refuse(
                    "passThrough",
                    "'passThrough: true' would let every token without its certificate or proof through as anonymous,"
                            + " although 'senderConstraint' says 'required'",
                    "set 'passThroughOn: missing', or remove one of the two.");
        }
    }

    private void refuseTwoIdentities() {
        if (config.authorizationValue() != null && config.clientAuth() != null) {
            refuse(
                    "clientAuth",
                    "'clientAuth' and 'authorization_value' both say who the gateway is",
                    "remove one of them.");
        }
        boolean secure = servers.urls().stream().allMatch(url -> new ServerUrl(url).isSecure());
        if (config.clientAuth() != null && config.clientAuth().isTls() && !secure) {
            refuse(
                    "clientAuth",
                    "'clientAuth.method: " + config.clientAuth().method()
                            + "' shows a certificate, which nobody can see without TLS",
                    "use https.");
        }
    }

    private void refuseWhatDoesNothing() {
        if (config.stepUp() != null && config.stepUp().isEmpty()) {
            refuse("stepUp", "'stepUp' asks for nothing", "set 'stepUp.acrValues' or 'stepUp.maxAge'.");
        }
    }

    private void warnAboutConnection() {
        for (URI url : servers.urls()) {
            if (!new ServerUrl(url).isConfidential()) {
                warn("W0421", servers.way(), "tokens travel unencrypted to '" + url.getHost() + "'", "use https.");
            }
        }
        URI tokenEndpoint =
                config.clientAuth() == null ? null : config.clientAuth().tokenEndpoint();
        if (tokenEndpoint != null && !new ServerUrl(tokenEndpoint).isConfidential()) {
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
                    servers.way(),
                    "the gateway does not authenticate at the authorization server",
                    "set 'authorization_value' or 'clientAuth'.");
        }
    }

    private void warnAboutSources() {
        if (hasSource(TokenSource.Type.QUERY)) {
            warn(
                    "W0424",
                    "tokenSources",
                    "tokens are accepted in the query, where browsers and proxies keep them",
                    "set 'tokenSources: [header]' when no client needs it.");
        }
        if (hasSource(TokenSource.Type.COOKIE)) {
            warn(
                    "W0431",
                    "tokenSources",
                    "tokens are accepted in a cookie, which browsers send along with requests of other sites",
                    "let the cookie be 'SameSite=Strict', and use a header where you can.");
        }
        if (config.tokenSources().stream().anyMatch(TokenSource::isForgeable)) {
            warn(
                    "W0432",
                    "tokenSources",
                    "another site can make a browser change something with the token in its cookie",
                    "remove 'unsafeMethods: allow' unless the service itself keeps such requests out.");
        }
    }

    private void warnAboutAudience() {
        boolean named = nameEveryAudience(context.apiEndpoints());
        if (config.claims().audience().isEmpty() && !named) {
            warn(
                    "W0425",
                    "claims",
                    "tokens for any audience are accepted",
                    "set 'claims.audience' to the name of this API.");
        }
    }

    /** Whether every token is for a named resource, so that one for somebody else never passes. */
    private static boolean nameEveryAudience(List<ApiEndpointConfig> endpoints) {
        return !endpoints.isEmpty() && endpoints.stream().allMatch(endpoint -> endpoint.resource() != null);
    }

    private boolean hasSource(TokenSource.Type type) {
        return config.tokenSources().stream().anyMatch(source -> source.type() == type);
    }

    void warn(String code, String key, String message, String hint) {
        context.problems().warn(code, span(key), path(key), "pipeline '" + context.pipeline() + "': " + message, hint);
    }

    /** @throws ConfigProblem always */
    void refuse(String key, String message, String hint) {
        Problem problem = new Problem("E0421", Severity.ERROR, span(key), path(key), message, List.of(hint));
        context.problems().add(problem);
        throw new ConfigProblem(problem);
    }

    private String path(String key) {
        return ProviderContext.path(context, key);
    }

    private Span span(String key) {
        @Nullable Node value = context.step().action();
        for (String part : key.split("\\.", -1)) {
            value = value instanceof Node.Mapping mapping ? mapping.get(part) : null;
        }
        return value == null ? context.step().span() : value.span();
    }
}
