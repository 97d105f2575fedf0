package dev.gatehouse.policies.introspect.client;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.policies.introspect.credentials.ClientAuthentication;
import dev.gatehouse.policies.introspect.credentials.FixedCredentials;
import dev.gatehouse.policies.introspect.credentials.KeyProblem;
import dev.gatehouse.policies.introspect.credentials.OwnToken;
import dev.gatehouse.policies.introspect.credentials.SignedAssertion;
import dev.gatehouse.policies.introspect.credentials.SigningKey;
import dev.gatehouse.policies.introspect.credentials.SigningThreads;
import dev.gatehouse.policies.introspect.credentials.TokenEndpoint;
import dev.gatehouse.policies.introspect.discovery.ServerUrl;
import dev.gatehouse.policies.introspect.options.ClientAuthOptions;
import dev.gatehouse.policies.introspect.provider.ProviderContext;
import dev.gatehouse.policies.introspect.server.IntrospectionRequest.Bounds;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.PolicyContext;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the client authentication that is configured. Start-up thread. */
final class CredentialsPlan {
    private final @Nullable Secret authorizationValue;
    private final @Nullable ClientAuthOptions auth;
    private final ServerTargets targets;
    private final PolicyContext context;
    private final Bounds bounds;
    private @Nullable ClientAuthentication everywhere;

    /**
     * @param targets finds the token endpoint
     * @param bounds of the calls to it
     */
    CredentialsPlan(
            @Nullable Secret authorizationValue,
            @Nullable ClientAuthOptions auth,
            ServerTargets targets,
            PolicyContext context,
            Bounds bounds) {
        this.authorizationValue = authorizationValue;
        this.auth = auth;
        this.targets = targets;
        this.context = context;
        this.bounds = bounds;
    }

    /**
     * How the gateway is known at one endpoint. Endpoints of one server get the same object, so that they share its own
     * token, unless each wants assertions for itself.
     *
     * @param server the issuer where it is known, else the URL of the endpoint: whom assertions are for, unless an
     *     audience is configured
     * @throws ConfigProblem when the key cannot be used
     */
    ClientAuthentication at(URI server) {
        if (auth != null && authorizationValue == null && auth.method().equals(ClientAuthOptions.PRIVATE_KEY_JWT)) {
            return assertion(auth, given(auth.key()), auth.audience() == null ? server.toString() : auth.audience());
        }
        ClientAuthentication known = everywhere == null ? fixed() : everywhere;
        everywhere = known;
        return known;
    }

    private ClientAuthentication fixed() {
        if (authorizationValue != null) {
            return FixedCredentials.verbatim(authorizationValue);
        }
        if (auth == null) {
            return FixedCredentials.none();
        }
        return switch (auth.method()) {
            case ClientAuthOptions.BASIC -> FixedCredentials.basic(id(auth), secret(auth));
            case ClientAuthOptions.POST -> FixedCredentials.post(id(auth), secret(auth));
            case ClientAuthOptions.BEARER -> bearer(auth);
            default -> FixedCredentials.certificate(auth.method(), id(auth));
        };
    }

    private ClientAuthentication bearer(ClientAuthOptions auth) {
        if (auth.token() != null) {
            return FixedCredentials.bearer(auth.token());
        }
        URI url = given(auth.tokenEndpoint());
        TokenEndpoint endpoint = new TokenEndpoint(
                targets.of(url),
                new ServerUrl(url).requestTarget(),
                id(auth),
                secret(auth),
                auth.scope(),
                bounds.connectTimeout(),
                bounds.totalTimeout());
        return new OwnToken(endpoint, context.http(), context.ticker());
    }

    private ClientAuthentication assertion(ClientAuthOptions auth, Path file, String audience) {
        try {
            SigningKey key = SigningKey.read(
                    context.resolve(file.toString()), new SigningKey.Wanted(auth.kid(), auth.alg(), auth.passphrase()));
            SigningThreads threads = context.shared(new SigningThreads.Key(), SigningThreads::new);
            return new SignedAssertion(id(auth), audience, key, threads, context.clock());
        } catch (KeyProblem e) {
            throw unusable(e);
        }
    }

    private ConfigProblem unusable(KeyProblem reason) {
        Node.Mapping action = context.step().action();
        Node key = action != null && action.get("clientAuth") instanceof Node.Mapping auth ? auth.get("key") : null;
        Problem problem = new Problem(
                "E0424",
                Severity.ERROR,
                key == null ? context.step().span() : key.span(),
                ProviderContext.path(context, "clientAuth.key"),
                "'clientAuth.key': " + reason.getMessage(),
                List.of("an EC key on P-256 is a good choice: openssl genpkey -algorithm EC -pkeyopt"
                        + " ec_paramgen_curve:P-256."));
        context.problems().add(problem);
        return new ConfigProblem(problem);
    }

    private static String id(ClientAuthOptions auth) {
        return given(auth.clientId());
    }

    private static Secret secret(ClientAuthOptions auth) {
        return given(auth.clientSecret());
    }

    /** The options have checked that each method has what it needs. */
    private static <T> T given(@Nullable T option) {
        return Objects.requireNonNull(option, "an option of the method");
    }
}
