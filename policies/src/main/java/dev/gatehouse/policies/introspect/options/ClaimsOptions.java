package dev.gatehouse.policies.introspect.options;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.OneOrMany;
import dev.gatehouse.config.bind.Unit;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Checks of the token's own claims. */
public record ClaimsOptions(
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

    public ClaimsOptions {
        Ranges.between("clockSkew", clockSkew, MAX_SKEW);
        issuer = List.copyOf(issuer);
        audience = List.copyOf(audience);
        tokenType = List.copyOf(tokenType);
    }

    /** How many of several values must fit. */
    public enum Match {
        ALL,
        ANY
    }
}
