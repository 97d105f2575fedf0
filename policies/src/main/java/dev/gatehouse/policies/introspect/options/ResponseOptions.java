package dev.gatehouse.policies.introspect.options;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.OneOrMany;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an answer may look like. */
public record ResponseOptions(
        @Doc("Largest answer in bytes, counted after decompression.") @Default("1048576")
        int maxBytes,

        @Doc("Form of an answer: 'json', or 'jwt' for signed ones (RFC 9701).") @Default("json")
        Format format,

        @Doc("URL of the keys that sign answers.") @Nullable URI jwks,

        @Doc("Issuer of signed answers; absent = the only one in claims.issuer.") @Nullable
        String issuer,

        @Doc("Audience of signed answers; absent = the client id in clientAuth.") @Nullable
        String audience,

        @Doc("Signature algorithms that count.") @Default("[RS256, PS256, ES256, ES384, EdDSA]") @OneOrMany
        List<String> algs) {
    private static final List<String> KNOWN_ALGORITHMS =
            List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA");

    /** How an answer is written. */
    public enum Format {
        JSON,
        JWT
    }

    public ResponseOptions {
        Ranges.positive("maxBytes", maxBytes);
        if (issuer != null && issuer.isEmpty()) {
            throw new IllegalArgumentException("issuer: \"\" (expected: an issuer)");
        }
        if (audience != null && audience.isEmpty()) {
            throw new IllegalArgumentException("audience: \"\" (expected: an audience)");
        }
        for (String alg : algs) {
            Ranges.oneOf("algs", alg, KNOWN_ALGORITHMS.toArray(String[]::new));
        }
        if (algs.isEmpty()) {
            throw new IllegalArgumentException("algs: empty (expected: algorithms)");
        }
        algs = List.copyOf(algs);
    }
}
