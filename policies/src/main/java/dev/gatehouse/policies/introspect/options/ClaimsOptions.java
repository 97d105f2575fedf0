package dev.gatehouse.policies.introspect.options;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.OneOrMany;
import dev.gatehouse.config.bind.Unit;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks of the token's own claims. */
public record ClaimsOptions(
        @Doc("Tolerance for the clock of the authorization server in nbf and iat.")
        @Default("5")
        @Unit(ChronoUnit.SECONDS)
        Duration clockSkew,

        @Doc("Grace after exp for a gateway whose clock is fast; on fresh answers only, which are then not kept.")
        @Default("0")
        @Unit(ChronoUnit.SECONDS)
        Duration expSkew,

        @Doc("Refuses tokens that were issued (iat) longer ago, and those without iat; absent = off.")
        @Unit(ChronoUnit.SECONDS)
        @Nullable
        Duration maxTokenAge,

        @Doc("Refuses tokens whose answer has no exp.") @Default("false")
        boolean requireExp,

        @Doc("Accepted issuers; empty = any.") @Default("[]") @OneOrMany
        List<String> issuer,

        @Doc("Accepted audiences; empty = any.") @Default("[]") @OneOrMany
        List<String> audience,

        @Doc("Whether one of the audiences must be present ('any') or every one ('all').") @Default("any")
        Match audienceMatch,

        @Doc("Tokens without any aud where one is expected: 'reject', or 'accept' for servers that never tell it.")
        @Default("reject")
        MissingAudience audienceMissing,

        @Doc("Accepted values of token_type, compared without case; empty = any.") @Default("[]") @OneOrMany
        List<String> tokenType,

        @Doc(
                "Claim to the value it must have, or to several of which it must have one; a dot leads into nested objects.")
        @Default("{}")
        Map<String, Object> required) {
    private static final Duration MAX_SKEW = Duration.ofMinutes(5);
    private static final Duration MAX_EXP_SKEW = Duration.ofMinutes(1);

    public ClaimsOptions {
        Ranges.between("clockSkew", clockSkew, MAX_SKEW);
        Ranges.between("expSkew", expSkew, MAX_EXP_SKEW);
        if (maxTokenAge != null && maxTokenAge.toMillis() < 1) {
            throw new IllegalArgumentException("maxTokenAge: " + maxTokenAge.toSeconds() + " (expected: more than 0)");
        }
        issuer = List.copyOf(issuer);
        audience = List.copyOf(audience);
        tokenType = List.copyOf(tokenType);
        required = Collections.unmodifiableMap(new LinkedHashMap<>(required));
        required.forEach(ClaimsOptions::checkRequired);
    }

    private static void checkRequired(String claim, @Nullable Object expected) {
        if (List.of(claim.split("\\.", -1)).contains("")) {
            throw new IllegalArgumentException("required: \"" + claim + "\" (expected: names with dots between them)");
        }
        List<?> values = expected instanceof List<?> list ? list : Collections.singletonList(expected);
        if (values.isEmpty() || !values.stream().allMatch(ClaimsOptions::isComparable)) {
            throw new IllegalArgumentException(
                    "required: \"" + claim + "\" (expected: a text, a number, a boolean or a list of them)");
        }
    }

    private static boolean isComparable(@Nullable Object value) {
        return value instanceof String
                || value instanceof Boolean
                || (value instanceof Number number && Double.isFinite(number.doubleValue()));
    }

    /** What happens to a token whose answer names no audience at all. */
    public enum MissingAudience {
        REJECT,
        ACCEPT
    }

    /** How many of several values must fit. */
    public enum Match {
        ALL,
        ANY
    }
}
