package dev.gatehouse.policies.introspect.options.token;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.OneOrMany;
import dev.gatehouse.config.bind.Shorthand;
import dev.gatehouse.config.bind.Unit;
import dev.gatehouse.policies.auth.HeaderName;
import dev.gatehouse.policies.auth.Networks;
import dev.gatehouse.policies.introspect.discovery.ServerUrl;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a token may be bound to. */
public record BindingOptions(
        @Doc("Client certificates; a single word is its 'mode'.") @Default("auto")
        Mtls mtls,

        @Doc("DPoP keys; a single word is its 'mode'.") @Default("auto")
        Dpop dpop,

        @Doc("Tokens with an unknown binding: 'refuse' or 'ignore'.") @Default("refuse")
        Unknown unknownConfirmation) {
    /** Whether a token's binding to a key is enforced. */
    public enum Binding {
        OFF,
        AUTO,
        REQUIRED
    }

    /** What happens to tokens that are bound in a way the gateway does not know. */
    public enum Unknown {
        REFUSE,
        IGNORE
    }

    /** Whether proofs need a value that the gateway gave out. */
    public enum Nonce {
        OFF,
        REQUIRED
    }

    /** Tokens that are bound to a client certificate. */
    public record Mtls(
            @Doc("RFC 8705: 'off', 'auto' enforces the binding of tokens that have one, 'required' wants one.")
            @Default("auto")
            @Shorthand
            Binding mode,

            @Doc("Where a proxy in front tells the certificate: 'Client-Cert' (RFC 9440), else URL-encoded PEM.")
            @Nullable
            String certificateHeader,

            @Doc("Addresses or networks that are believed in certificateHeader.") @Default("[]") @OneOrMany
            List<String> trustedProxies) {
        public Mtls {
            if (certificateHeader != null && !HeaderName.isToken(certificateHeader)) {
                throw new IllegalArgumentException("certificateHeader: not the name of a header field");
            }
            trustedProxies = List.copyOf(trustedProxies);
            for (String network : trustedProxies) {
                if (!Networks.isOne(network)) {
                    throw new IllegalArgumentException("trustedProxies: \"" + network
                            + "\" (expected: an address or a network such as 10.0.0.0/8)");
                }
            }
        }
    }

    /** Tokens that are bound to a key of the client. */
    public record Dpop(
            @Doc("RFC 9449: 'off', 'auto' demands a proof for tokens that are bound, 'required' for all.")
            @Default("auto")
            @Shorthand
            Binding mode,

            @Doc("Accepted signatures of proofs.") @Default("[ES256, ES384, EdDSA, PS256, RS256]") @OneOrMany
            List<String> algs,

            @Doc("Oldest proof that is accepted; 5 seconds into the future are always fine.")
            @Default("60")
            @Unit(ChronoUnit.SECONDS)
            Duration maxAge,

            @Doc("'required' accepts only proofs with a recent DPoP-Nonce of this gateway.") @Default("off")
            Nonce nonce,

            @Doc("URL that clients see instead of scheme and Host of the request; a path is put before theirs.")
            @Nullable
            URI publicBaseUrl,

            @Doc("Proofs that were used.") @Default("{}") Replay replay) {
        /** What a proof may be signed with; nothing symmetric, and nothing that a client could call 'none'. */
        public static final List<String> KNOWN_ALGORITHMS = List.of("ES256", "ES384", "EdDSA", "PS256", "RS256");

        public Dpop {
            algs = List.copyOf(algs);
            if (algs.isEmpty() || !KNOWN_ALGORITHMS.containsAll(algs)) {
                throw new IllegalArgumentException(
                        "algs: " + algs + " (expected: some of " + String.join(", ", KNOWN_ALGORITHMS) + ")");
            }
            if (maxAge.compareTo(Duration.ofSeconds(1)) < 0 || maxAge.compareTo(Duration.ofMinutes(10)) > 0) {
                throw new IllegalArgumentException("maxAge: " + maxAge.toSeconds() + " (expected: 1 to 600 seconds)");
            }
            if (publicBaseUrl != null && !isBase(publicBaseUrl)) {
                throw new IllegalArgumentException(
                        "publicBaseUrl: not an absolute http or https URL without user name, query and fragment");
            }
        }

        private static boolean isBase(URI url) {
            return ServerUrl.isUsable(url) && url.getRawQuery() == null;
        }
    }

    /** How many used proofs are remembered. */
    public record Replay(
            @Doc("Most used proofs remembered in the whole gateway, where the largest value counts; 503 beyond.")
            @Default("100000")
            int maxEntries) {
        private static final int MOST_ENTRIES = 10_000_000;

        public Replay {
            if (maxEntries < 1 || maxEntries > MOST_ENTRIES) {
                throw new IllegalArgumentException(
                        "maxEntries: " + maxEntries + " (expected: 1 to " + MOST_ENTRIES + ")");
            }
        }
    }

    /** Whether proofs are looked at. */
    public boolean acceptsProofs() {
        return dpop.mode() != Binding.OFF;
    }

    /** Signatures of proofs that are accepted, for clients that ask; empty when no proof is. */
    public List<String> proofAlgorithms() {
        return acceptsProofs() ? dpop.algs() : List.of();
    }

    /** Whether every token must be bound to a DPoP key. */
    public boolean requiresProofs() {
        return dpop.mode() == Binding.REQUIRED;
    }

    /** Whether every token must be bound to a client certificate. */
    public boolean requiresCertificates() {
        return mtls.mode() == Binding.REQUIRED;
    }
}
