package dev.gatehouse.policies.jwt;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the claims of a signed token have to say (RFC 7519 section 4.1). Dates are compared without tolerance, as
 * Express Gateway does. Immutable; safe on any thread.
 */
final class ClaimChecks {
    private static final double MILLIS = 1000;

    private final @Nullable String issuer;
    private final @Nullable String audience;
    private final InstantSource clock;

    ClaimChecks(@Nullable String issuer, @Nullable String audience, InstantSource clock) {
        this.issuer = issuer;
        this.audience = audience;
        this.clock = clock;
    }

    /** Null when nothing is wrong. */
    @Nullable
    Denial check(Map<String, @Nullable Object> claims) {
        // A date that is there and is none, null included, is not the same as no date.
        if (isOddDate(claims, "exp") || isOddDate(claims, "nbf")) {
            return Denial.ILL_FORMED;
        }
        double now = clock.millis() / MILLIS;
        if (claims.get("exp") instanceof Number exp && exp.doubleValue() <= now) {
            return Denial.EXPIRED;
        }
        if (claims.get("nbf") instanceof Number nbf && nbf.doubleValue() > now) {
            return Denial.NOT_YET;
        }
        if (issuer != null && !issuer.equals(claims.get("iss"))) {
            return Denial.ISSUER;
        }
        return audience == null || isFor(claims.get("aud"), audience) ? null : Denial.AUDIENCE;
    }

    private static boolean isOddDate(Map<String, @Nullable Object> claims, String name) {
        return claims.containsKey(name)
                && !(claims.get(name) instanceof Number number && Double.isFinite(number.doubleValue()));
    }

    private static boolean isFor(@Nullable Object written, String audience) {
        return written instanceof List<?> several ? several.contains(audience) : audience.equals(written);
    }
}
