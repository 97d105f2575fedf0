package dev.gatehouse.policies.introspect;

import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.policies.introspect.OAuth2IntrospectPolicy.Config;
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
    private final Config config;
    private final PolicyContext context;
    private final ServerTargets targets;
    private final Bounds bounds;
    private final String server;

    /**
     * @param targets finds the token endpoint
     * @param bounds of the calls to it
     * @param server its issuer, or its endpoint where no issuer is known: whom an assertion is for
     */
    CredentialsPlan(Config config, PolicyContext context, ServerTargets targets, Bounds bounds, String server) {
        this.config = config;
        this.context = context;
        this.targets = targets;
        this.bounds = bounds;
        this.server = server;
    }

    /** @throws ConfigProblem when the key cannot be used */
    ClientAuthentication authentication() {
        if (config.authorizationValue() != null) {
            return FixedCredentials.verbatim(config.authorizationValue());
        }
        ClientAuthOptions auth = config.clientAuth();
        if (auth == null) {
            return FixedCredentials.none();
        }
        return switch (auth.method()) {
            case ClientAuthOptions.BASIC -> FixedCredentials.basic(id(auth), secret(auth));
            case ClientAuthOptions.POST -> FixedCredentials.post(id(auth), secret(auth));
            case ClientAuthOptions.BEARER -> bearer(auth);
            case ClientAuthOptions.PRIVATE_KEY_JWT -> assertion(auth, given(auth.key()));
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

    private ClientAuthentication assertion(ClientAuthOptions auth, Path file) {
        String audience = auth.audience() == null ? server : auth.audience();
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
                context.step().path() + ".action.clientAuth.key",
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
