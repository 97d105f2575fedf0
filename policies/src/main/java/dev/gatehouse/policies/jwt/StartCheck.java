package dev.gatehouse.policies.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import dev.gatehouse.config.ApiEndpointConfig;
import dev.gatehouse.config.bind.Problem;
import dev.gatehouse.config.bind.Severity;
import dev.gatehouse.config.yaml.Node;
import dev.gatehouse.config.yaml.Span;
import dev.gatehouse.policies.jwt.JwtPolicy.Config;
import dev.gatehouse.policy.ConfigProblem;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.tls.PemFiles;
import dev.gatehouse.tls.TlsProblem;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the operator is told at start: what cannot work or would be a hole is an error, what is risky a warning. Reads
 * the key. Start-up thread.
 */
final class StartCheck {
    private static final String KEY = "secretOrPublicKey";
    private static final String FILE = "secretOrPublicKeyFile";
    private static final int SHORTEST_RSA_BITS = 2048;

    private final Config config;
    private final PolicyContext context;

    /** @throws ConfigProblem for options that cannot be used together or at all */
    StartCheck(Config config, PolicyContext context) {
        this.config = config;
        this.context = context;
        if (config.checkCredentialExistence()) {
            throw problem(
                    "E0451",
                    "checkCredentialExistence",
                    "registered credentials are not supported by this version, so no token could ever pass",
                    "write 'checkCredentialExistence: false' to accept every token that the key has signed.");
        }
    }

    /** @throws ConfigProblem when its field is missing or no possible name */
    Extractor extractor() {
        Extractor extractor = Extractor.of(config.jwtExtractor());
        if (extractor == null) {
            throw new IllegalStateException("checked by the record");
        }
        String field = config.jwtExtractorField();
        if (!extractor.needsField()) {
            if (field != null) {
                warn("W0455", "jwtExtractorField", "it has no effect with 'authBearer'", "set 'jwtExtractor'.");
            }
            return extractor;
        }
        if (field == null || !extractor.accepts(field)) {
            throw problem(
                    "E0456",
                    field == null ? "jwtExtractor" : "jwtExtractorField",
                    field == null
                            ? "'jwtExtractor: " + config.jwtExtractor() + "' needs 'jwtExtractorField'"
                            : "this cannot be the name of " + extractor.fieldMeans(),
                    "set 'jwtExtractorField' to the name of " + extractor.fieldMeans() + ".");
        }
        return extractor;
    }

    /** @throws ConfigProblem when there is not exactly one usable key */
    VerificationKey key() {
        if ((config.secretOrPublicKey() == null) == (config.secretOrPublicKeyFile() == null)) {
            throw problem(
                    "E0452",
                    config.secretOrPublicKey() == null ? null : FILE,
                    config.secretOrPublicKey() == null
                            ? "there is neither '" + KEY + "' nor '" + FILE + "'"
                            : "'" + KEY + "' and '" + FILE + "' exclude each other",
                    "set exactly one of them.");
        }
        try {
            return KeyText.read(material());
        } catch (KeyProblem e) {
            throw problem(
                    "E0453",
                    config.secretOrPublicKey() == null ? FILE : KEY,
                    String.valueOf(e.getMessage()),
                    "a secret, or an RSA or EC public key or certificate that begins with '-----BEGIN' is expected.");
        }
    }

    private byte[] material() {
        if (config.secretOrPublicKey() != null) {
            return config.secretOrPublicKey().reveal().getBytes(StandardCharsets.UTF_8);
        }
        String file = String.valueOf(config.secretOrPublicKeyFile());
        try {
            return PemFiles.bytes(context.resolve(file));
        } catch (TlsProblem | InvalidPathException e) {
            throw problem(
                    "E0455",
                    FILE,
                    "the key file cannot be read: " + e.getMessage(),
                    "a name is looked up in the working directory, then beside the configuration.");
        }
    }

    /**
     * The algorithms that count.
     *
     * @throws ConfigProblem when one of those that are listed does not go with the key, or the list is empty
     */
    List<JWSAlgorithm> algorithms(VerificationKey key) {
        String all = key.algorithms().stream().map(JWSAlgorithm::getName).collect(Collectors.joining(", "));
        if (config.algorithms().isEmpty()) {
            if (written("algorithms") != null) {
                throw problem("E0454", "algorithms", "an empty list accepts no token", "leave it out for " + all + ".");
            }
            return key.algorithms();
        }
        for (String name : config.algorithms()) {
            if (!key.algorithms().contains(JWSAlgorithm.parse(name))) {
                throw problem(
                        "E0454",
                        "algorithms",
                        "'" + name + "' does not go with " + key.kind(),
                        "with this key only " + all + " can be used.");
            }
        }
        return config.algorithms().stream().distinct().map(JWSAlgorithm::parse).toList();
    }

    /** @param algorithms those that count */
    void warn(VerificationKey key, List<JWSAlgorithm> algorithms) {
        List<String> scoped = context.apiEndpoints().stream()
                .filter(endpoint -> !endpoint.scopes().isEmpty())
                .map(ApiEndpointConfig::name)
                .distinct()
                .toList();
        if (!scoped.isEmpty()) {
            warn(
                    "W0451",
                    null,
                    "the scopes of " + String.join(", ", scoped) + " are not checked, every signed token passes",
                    "use oauth2-introspect where scopes matter.");
        }
        int hashBits = algorithms.stream().mapToInt(StartCheck::hashBits).min().orElse(0);
        if (key.isSecret() && key.bits() < hashBits) {
            warn(
                    "W0452",
                    config.secretOrPublicKey() == null ? FILE : KEY,
                    "the secret is shorter than " + hashBits / Byte.SIZE + " bytes, so it can be guessed from a token",
                    "use at least as many random bytes as the hash has (RFC 7518 section 3.2).");
        }
        if (!key.isSecret() && key.algorithms().contains(JWSAlgorithm.RS256) && key.bits() < SHORTEST_RSA_BITS) {
            warn(
                    "W0453",
                    config.secretOrPublicKey() == null ? FILE : KEY,
                    "the RSA key has " + key.bits() + " bits only",
                    "use at least 2048 bits (RFC 7518 section 3.3).");
        }
        warnAboutPlaces(key);
    }

    private void warnAboutPlaces(VerificationKey key) {
        if (Extractor.of(config.jwtExtractor()) == Extractor.QUERY) {
            warn(
                    "W0454",
                    "jwtExtractor",
                    "tokens are accepted in the query, where browsers, proxies and the service keep them",
                    "let clients send the Authorization field.");
        }
        if (key.isSecret() && config.secretOrPublicKeyFile() != null && endsWithLine(material())) {
            warn(
                    "W0456",
                    FILE,
                    "the line end at the end of the file is part of the secret, as in Express Gateway",
                    "write the file without it when the issuer of the tokens does not use it.");
        }
    }

    /** The names of all algorithms end with it. */
    private static int hashBits(JWSAlgorithm algorithm) {
        return Integer.parseInt(algorithm.getName().substring(2));
    }

    private static boolean endsWithLine(byte[] content) {
        return content.length > 0 && content[content.length - 1] == '\n';
    }

    private void warn(String code, @Nullable String key, String message, String hint) {
        context.problems().warn(code, span(key), path(key), "pipeline '" + context.pipeline() + "': " + message, hint);
    }

    private ConfigProblem problem(String code, @Nullable String key, String message, String hint) {
        return new ConfigProblem(new Problem(code, Severity.ERROR, span(key), path(key), message, List.of(hint)));
    }

    private String path(@Nullable String key) {
        return context.step().path() + ".action" + (key == null ? "" : "." + key);
    }

    /** The value in the file; where it is not written, the step. */
    private Span span(@Nullable String key) {
        Node value = key == null ? null : written(key);
        return value == null ? context.step().span() : value.span();
    }

    private @Nullable Node written(String key) {
        Node.Mapping action = context.step().action();
        return action == null ? null : action.get(key);
    }
}
