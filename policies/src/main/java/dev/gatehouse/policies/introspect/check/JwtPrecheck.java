package dev.gatehouse.policies.introspect.check;

import dev.gatehouse.policies.auth.claim.ClaimTree;
import dev.gatehouse.policies.introspect.options.ClaimsOptions;
import dev.gatehouse.policies.introspect.refusal.Denial;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Spares the authorization server questions whose answer a token tells itself: a JWT (RFC 7519) that is over or names a
 * foreign issuer. Nothing is verified, so this can refuse and never accept; what it cannot read, the server judges.
 * Immutable; safe on any thread.
 */
public final class JwtPrecheck {
    /** Longest payload that is looked into, in characters: parsing it takes some ten microseconds. */
    private static final int MAX_PAYLOAD = 16_384;

    private static final double MILLIS = 1000;

    private final List<String> issuers;
    private final long skewMillis;
    private final InstantSource clock;

    public JwtPrecheck(ClaimsOptions claims, InstantSource clock) {
        issuers = claims.issuer();
        Duration skew = claims.clockSkew();
        // Never stricter than the checks behind: what they let pass for a fast clock must get there.
        skewMillis = Math.max(skew.toMillis(), claims.expSkew().toMillis());
        this.clock = clock;
    }

    /** Why the token in {@code text[start, end)} need not be asked for; null = it has to be. */
    public @Nullable Denial refusal(String text, int start, int end) {
        int header = text.indexOf('.', start);
        int payload = header < 0 ? -1 : text.indexOf('.', header + 1);
        boolean three = header > start && payload > header + 1 && payload < end && !hasDot(text, payload + 1, end);
        if (!three || payload - header > MAX_PAYLOAD) {
            return null;
        }
        @Nullable Map<String, @Nullable Object> claims = claims(text.substring(header + 1, payload));
        return claims == null ? null : refusal(claims);
    }

    private @Nullable Denial refusal(Map<String, @Nullable Object> claims) {
        if (claims.get("exp") instanceof Number seconds
                && clock.millis() - skewMillis >= seconds.doubleValue() * MILLIS) {
            return Denial.EXPIRED;
        }
        boolean foreign = !issuers.isEmpty() && claims.get("iss") instanceof String issuer && !issuers.contains(issuer);
        return foreign ? Denial.ISSUER : null;
    }

    private static boolean hasDot(String text, int start, int end) {
        int dot = text.indexOf('.', start);
        return dot >= 0 && dot < end;
    }

    private static @Nullable Map<String, @Nullable Object> claims(String payload) {
        try {
            return ClaimTree.read(Base64.getUrlDecoder().decode(payload));
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }
}
