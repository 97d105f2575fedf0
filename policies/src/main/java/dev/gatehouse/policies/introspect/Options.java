package dev.gatehouse.policies.introspect;

import dev.gatehouse.config.CompatConfig;
import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.OneOrMany;
import dev.gatehouse.config.bind.Unit;
import dev.gatehouse.policies.auth.ClaimHeaders;
import dev.gatehouse.policies.auth.TokenSources.Places;
import dev.gatehouse.policies.introspect.server.TokenFacts;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a token must be good for and who learns of it. Express Gateway has none of these groups. */
public final class Options {
    private Options() {}

    /** Which failures let a request through as anonymous. */
    public enum PassThroughOn {
        REFUSED,
        MISSING,
        ALWAYS
    }

    /** How the service gets the token. */
    public enum ForwardToken {
        HEADER,
        NONE
    }

    /** Where a token can be. */
    public enum TokenSource {
        HEADER,
        QUERY;

        /** What {@code sources} mean as places in a request (RFC 6750 sections 2.1 and 2.3). */
        static Places places(List<TokenSource> sources) {
            return new Places(
                    sources.contains(HEADER) ? "Bearer" : null, null, sources.contains(QUERY) ? "access_token" : null);
        }
    }

    /** Which characters a token may have. */
    public enum TokenFormat {
        VISIBLE,
        B64TOKEN
    }

    /** How many of several values must fit. */
    public enum Match {
        ALL,
        ANY
    }

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

    /** How much a refusal tells. */
    public enum Detail {
        MINIMAL,
        STANDARD
    }

    /** Checks of the token's own claims. */
    public record Claims(
            @Doc("Tolerance for the clock of the authorization server in nbf and iat.")
            @Default("5")
            @Unit(ChronoUnit.SECONDS)
            Duration clockSkew,

            @Doc("Refuses tokens whose answer has no exp.") @Default("false")
            boolean requireExp,

            @Doc("Accepted issuers; empty = any.") @Default("[]") @OneOrMany
            List<String> issuer,

            @Doc("Accepted audiences; empty = any.") @Default("[]") @OneOrMany
            List<String> audience,

            @Doc("Whether one of the audiences must be present ('any') or every one ('all').") @Default("any")
            Match audienceMatch,

            @Doc("Accepted values of token_type, compared without case; empty = any.") @Default("[]") @OneOrMany
            List<String> tokenType) {
        private static final Duration MAX_SKEW = Duration.ofMinutes(5);

        public Claims {
            ServerOptions.between("clockSkew", clockSkew, MAX_SKEW);
            issuer = List.copyOf(issuer);
            audience = List.copyOf(audience);
            tokenType = List.copyOf(tokenType);
        }
    }

    /** Which scopes a request needs. */
    public record Scopes(
            @Doc("Requires the scopes of the apiEndpoint, all of them.") @Default("true")
            boolean fromApiEndpoint,

            @Doc("Scopes required by this policy, in addition; '{ scope: name }' is read as 'name'.")
            @Default("[]")
            @OneOrMany
            List<Object> required,

            @Doc("Whether all of 'required' must be held or any one.") @Default("all")
            Match match,

            @Doc("Claims that may hold the scopes; the first one present counts.")
            @Default("[scope, scopes, scp]")
            @OneOrMany
            List<String> claim) {
        public Scopes {
            required = required.stream().map(Scopes::name).toList();
            claim = List.copyOf(claim);
        }

        /** The names in {@link #required}. */
        List<String> requiredNames() {
            return required.stream().map(String::valueOf).toList();
        }

        private static Object name(Object entry) {
            Object name = entry instanceof Map<?, ?> map ? map.get("scope") : entry;
            if (!(name instanceof String text) || text.isEmpty()) {
                throw new IllegalArgumentException("required: expected names of scopes");
            }
            return text;
        }
    }

    /** What a token may be bound to. */
    public record SenderConstraint(
            @Doc("Client certificates (RFC 8705): 'auto' enforces the binding of tokens that have one.")
            @Default("auto")
            Binding mtls,

            @Doc("DPoP keys (RFC 9449): 'auto' refuses bound tokens, because proofs are not verified yet.")
            @Default("auto")
            Binding dpop,

            @Doc("Tokens with an unknown binding: 'refuse' or 'ignore'.") @Default("refuse")
            Unknown unknownConfirmation) {}

    /** What refused clients see. */
    public record Errors(
            @Doc("Statuses: 'standard' or 'express-gateway'; absent = compat.status.")
            CompatConfig.@Nullable Status style,

            @Doc("'minimal' gives all invalid tokens one description, 'standard' tells expired ones.")
            @Default("minimal")
            Detail detail,

            @Doc("Names the needed scopes in challenges.") @Default("true")
            boolean showScope) {}

    /** What the service behind learns about the client. */
    public record Identity(
            @Doc("Claims for eg-consumer-id; the first one present counts.") @Default("[id]") @OneOrMany
            List<String> consumerIdClaim,

            @Doc("Header name to claim, a dot leads into nested objects; a client's copy never gets through.")
            @Default("{}")
            Map<String, String> headers) {
        public Identity {
            consumerIdClaim = List.copyOf(consumerIdClaim);
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        }

        /** @param dropped counts values that cannot be sent */
        ClaimHeaders claimHeaders(Counter dropped) {
            return new ClaimHeaders(consumerIdClaim, headers, TokenFacts.SCOPE_CLAIMS, dropped);
        }
    }
}
