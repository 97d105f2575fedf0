package dev.gatehouse.policies.introspect.options;

import dev.gatehouse.client.ProxyUrl;
import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Key;
import dev.gatehouse.config.bind.OneOrMany;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.config.bind.Unit;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.policies.auth.TokenSources;
import dev.gatehouse.policies.auth.TokenSources.Rules;
import dev.gatehouse.policies.introspect.options.token.BindingOptions;
import dev.gatehouse.policies.introspect.options.token.TokenOptions;
import dev.gatehouse.policies.introspect.options.token.TokenSource;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All options of the policy, under the names that they have in a configuration. {@code endpoint}, {@code
 * authorization_value}, {@code ttl}, {@code timeout} and {@code passThrough} are those of Express Gateway. Immutable; made
 * on the start-up thread.
 */
public record IntrospectOptions(
        @Doc("URL of the introspection endpoint; its query is kept.") @Nullable
        URI endpoint,

        @Doc("URLs of several endpoints of one server, instead of 'endpoint'.") @Default("[]")
        List<URI> endpoints,

        @Doc("Which of 'endpoints' is asked first: always the first that works ('failover') or 'roundRobin'.")
        @Default("failover")
        String strategy,

        @Doc("Issuer whose published metadata (RFC 8414) names the endpoint, instead of 'endpoint'.") @Nullable
        URI issuer,

        @Doc("Several servers, each a block of these options with a 'match', instead of 'endpoint'.") @Default("[]")
        List<Node.Mapping> providers,

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

        @Doc("Which failures passThrough covers: 'refused', only a 'missing' token, or 'always'.") @Default("refused")
        TokenOptions.PassThroughOn passThroughOn,

        @Doc("Realm in challenges.") @Default("gateway") String realm,

        @Doc("Whether the service gets the token: 'header' or 'none'.") @Default("header")
        TokenOptions.ForwardToken forwardToken,

        @Doc("Lets CORS preflights through as anonymous.") @Default("false")
        boolean skipPreflight,

        @Doc("Where tokens are looked for: 'header', 'query', 'form', or mappings with type and name.")
        @Default("[header, query]")
        @OneOrMany
        List<TokenSource> tokenSources,

        @Doc("Longest form that is looked into, in bytes.") @Default("16384")
        int formMaxBytes,

        @Doc("Longest token in bytes.") @Default("16384") int maxTokenLength,

        @Doc("Which texts can be a token.") @Default("visible")
        TokenOptions.Format tokenFormat,

        @Doc("Refuses JWTs that call themselves expired or of a foreign issuer, without asking.") @Default("false")
        boolean jwtPrecheck,

        @Doc("What is asked.") @Default("{}") RequestOptions request,

        @Doc("Client authentication at the endpoint, instead of authorization_value.") @Nullable
        ClientAuthOptions clientAuth,

        @Doc("TLS towards the endpoint.") @Default("{}") TlsOptions tls,

        @Doc("Forward proxy towards the endpoint: its URL, or 'none'; absent = as the environment says.") @Nullable
        Secret proxy,

        @Doc("Longest time a connection to the endpoint waits for the next call.")
        @Default("60")
        @Unit(ChronoUnit.SECONDS)
        Duration connectionIdle,

        @Doc("What an answer may look like.") @Default("{}") ResponseOptions response,

        @Doc("Checks of the token's claims.") @Default("{}") ClaimsOptions claims,

        @Doc("Which scopes a request needs.") @Default("{}") ScopesOptions scopes,

        @Doc("How well the user must have logged in; absent = however.") @Nullable
        StepUpOptions stepUp,

        @Doc("What tokens may be bound to.") @Default("{}") BindingOptions senderConstraint,

        @Doc("What is remembered.") @Default("{}") CacheOptions cache,

        @Doc("What happens when the server is slow or down.") @Default("{}")
        ResilienceOptions resilience,

        @Doc("What refused clients see.") @Default("{}") ErrorsOptions errors,
        @Doc("What the service learns.") @Default("{}") IdentityOptions identity) {
    /** Stands for no proxy in {@code proxy}. */
    public static final String NO_PROXY = "none";

    /** What a client may make the gateway keep before it has shown who it is. */
    private static final int MAX_FORM_BYTES = 1 << 20;

    public IntrospectOptions {
        endpoints = List.copyOf(endpoints);
        providers = List.copyOf(providers);
        ServerOptions.check(endpoint, endpoints, strategy, issuer);
        if (timeout < 1) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: 1 or more milliseconds)");
        }
        checkProxy(proxy);
        if (connectionIdle.isNegative() || connectionIdle.isZero()) {
            throw new IllegalArgumentException("connectionIdle: 0 or less (expected: a time)");
        }
        if (authorizationValue != null && authorizationValue.reveal().isEmpty()) {
            authorizationValue = null; // as Express Gateway: an empty value is no value
        }
        if (tokenSources.isEmpty()) {
            throw new IllegalArgumentException("tokenSources: empty (expected: header, query)");
        }
        if (formMaxBytes < 1 || formMaxBytes > MAX_FORM_BYTES) {
            throw new IllegalArgumentException(
                    "formMaxBytes: " + formMaxBytes + " (expected: 1 to " + MAX_FORM_BYTES + ")");
        }
        tokenSources = List.copyOf(tokenSources);
        TokenSource.places(tokenSources, formMaxBytes); // refuses what cannot go together
    }

    /** Where tokens are looked for and what they look like, compiled. */
    public TokenSources sources() {
        return new TokenSources(
                TokenSource.places(tokenSources, formMaxBytes),
                new Rules(senderConstraint.acceptsProofs(), true, tokenFormat.compiled(), maxTokenLength));
    }

    private static void checkProxy(@Nullable Secret proxy) {
        if (proxy == null || proxy.reveal().equals(NO_PROXY)) {
            return;
        }
        try {
            ProxyUrl.parse(proxy.reveal());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("proxy: " + e.getMessage() + ", or 'none'", e);
        }
    }
}
