package dev.gatehouse.policies.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.exchange.AuthTrail;
import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.Identity;
import dev.gatehouse.policies.auth.BearerToken;
import dev.gatehouse.policies.auth.BearerToken.Flaw;
import dev.gatehouse.policies.auth.BearerToken.Place;
import dev.gatehouse.policies.auth.ResponseMarks;
import dev.gatehouse.policies.auth.TokenFormat;
import dev.gatehouse.policies.auth.TokenSources;
import dev.gatehouse.policies.auth.claim.ClaimHeaders;
import dev.gatehouse.policies.jwt.TokenVerifier.Outcome;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.policy.PolicyFactory;
import dev.gatehouse.policy.Verdict;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request through when its token is signed with a key that the configuration holds.
 *
 * <pre>{@code
 * - jwt:
 *     - action:
 *         secretOrPublicKeyFile: issuer.pem
 *         checkCredentialExistence: false
 *         issuer: https://login.example.com
 *         audience: https://api.example.com
 * }</pre>
 *
 * <p>After success the claims are {@code req.user} and {@code consumer}. The kind of the key decides which algorithms
 * count; {@code none} is never one of them. Nobody is asked, so a token passes until it ends, revoked or not.
 */
public final class JwtPolicy implements Policy {
    /** The options, all of Express Gateway. */
    public record Config(
            @Doc("Secret of the HS algorithms, or public key or certificate in PEM form.") @Nullable
            Secret secretOrPublicKey,

            @Doc("Name of a file that holds the same.") @Nullable
            String secretOrPublicKeyFile,

            @Doc("Where the token is: 'authBearer', 'authScheme', 'header' or 'query'.") @Default("authBearer")
            String jwtExtractor,

            @Doc("Name of the scheme, the header field or the query parameter.") @Nullable
            String jwtExtractorField,

            @Doc("Audience that the token must name.") @Nullable
            String audience,

            @Doc("Issuer that the token must name.") @Nullable
            String issuer,

            @Doc("Whether 'sub' must be a registered credential; only 'false' is supported.") @Default("true")
            boolean checkCredentialExistence,

            @Doc("Accepted algorithms; by default all that go with the key.") @Default("[]")
            List<String> algorithms,

            @Doc("Lets refused requests through as anonymous.") @Default("false")
            boolean passThrough) {
        private static final List<String> KNOWN_ALGORITHMS =
                List.of("HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512");

        public Config {
            if (Extractor.of(jwtExtractor) == null) {
                throw new IllegalArgumentException(
                        "jwtExtractor: '" + jwtExtractor + "' (expected: one of " + Extractor.names() + ")");
            }
            for (String algorithm : algorithms) {
                if (!KNOWN_ALGORITHMS.contains(algorithm)) {
                    throw new IllegalArgumentException("algorithms: '" + algorithm + "' (expected: some of "
                            + String.join(", ", KNOWN_ALGORITHMS) + ")");
                }
            }
            // Express Gateway takes an empty text for no check at all.
            if (audience != null && audience.isBlank()) {
                throw new IllegalArgumentException("audience: empty (expected: a text, or no such line)");
            }
            if (issuer != null && issuer.isBlank()) {
                throw new IllegalArgumentException("issuer: empty (expected: a text, or no such line)");
            }
            algorithms = List.copyOf(algorithms);
        }
    }

    /** Makes the policy of a step. */
    public static final class Factory implements PolicyFactory<Config> {
        @Override
        public String name() {
            return "jwt";
        }

        @Override
        public Class<Config> config() {
            return Config.class;
        }

        @Override
        public Policy create(Config config, PolicyContext context) {
            StartCheck check = new StartCheck(config, context);
            Extractor extractor = check.extractor();
            VerificationKey key = check.key();
            List<JWSAlgorithm> algorithms = check.algorithms(key);
            check.warn(key, algorithms);
            List<String> names = algorithms.stream().map(JWSAlgorithm::getName).toList();
            context.guard("jwt " + String.join(", ", names), Double.POSITIVE_INFINITY);
            return new JwtPolicy(config, extractor, new TokenVerifier(key, algorithms), context);
        }

        @Override
        public boolean authenticates() {
            return true;
        }
    }

    private final TokenSources sources;
    private final TokenVerifier verifier;
    private final ClaimChecks checks;
    private final ClaimHeaders claimHeaders;
    private final Refusals refusals;
    private final boolean passThrough;

    private JwtPolicy(Config config, Extractor extractor, TokenVerifier verifier, PolicyContext context) {
        this.verifier = verifier;
        sources = new TokenSources(
                List.of(extractor.place(config.jwtExtractorField())),
                new TokenSources.Rules(false, false, TokenFormat.VISIBLE, TokenVerifier.MAX_LENGTH));
        checks = new ClaimChecks(config.issuer(), config.audience(), context.clock());
        claimHeaders = new ClaimHeaders(
                List.of("id"),
                Map.of(),
                null,
                List.of(),
                context.meters().counter("gateway.jwt.claims.dropped", "pipeline", context.pipeline()));
        claimHeaders.names().forEach(context::ownRequestHeader);
        String scheme = extractor.scheme(config.jwtExtractorField());
        refusals = new Refusals(scheme, context.pipeline(), context.meters());
        passThrough = config.passThrough();
    }

    @Override
    public Verdict apply(Exchange exchange) {
        BearerToken token = sources.find(exchange.request());
        if (token.flaw() != null) {
            if (token.flaw() == Flaw.MALFORMED && passThrough) {
                // Ambiguous credentials: the service must not pick the one that the gateway did not look at.
                sources.remove(exchange.request());
            }
            return deny(exchange, Denial.of(token.flaw()));
        }
        if (token.place() == Place.QUERY) {
            exchange.onResponse(ResponseMarks.PRIVATE);
        }
        Outcome outcome = verifier.verify(token.value());
        if (outcome instanceof Outcome.Signed signed) {
            Denial denial = checks.check(signed.claims());
            return denial == null ? accept(exchange, signed.claims()) : deny(exchange, denial);
        }
        return deny(exchange, outcome instanceof Outcome.Refused refused ? refused.denial() : Denial.SIGNATURE);
    }

    private Verdict accept(Exchange exchange, Map<String, @Nullable Object> claims) {
        exchange.auth().result(AuthTrail.Result.OK, null);
        exchange.identify(new Identity(claims));
        claimHeaders.set(exchange.request().headers(), claims);
        return Verdict.next();
    }

    private Verdict deny(Exchange exchange, Denial denial) {
        if (passThrough) {
            exchange.auth().result(AuthTrail.Result.NONE, denial.reason);
            exchange.identify(null);
            claimHeaders.remove(exchange.request().headers());
            exchange.onResponse(ResponseMarks.ANONYMOUS);
            return Verdict.next();
        }
        exchange.auth().result(AuthTrail.Result.DENIED, denial.reason);
        return Verdict.reply(refusals.reply(denial));
    }
}
