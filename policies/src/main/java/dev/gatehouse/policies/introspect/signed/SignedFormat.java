package dev.gatehouse.policies.introspect.signed;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a signed answer has to be. Immutable.
 *
 * @param authority who signs; null = what discovery finds out
 * @param audience the gateway's client id at the authorization server
 * @param algorithms the only ones that count; never {@code none} and never one with a shared secret
 * @param skew tolerance for the clock of the authorization server
 */
public record SignedFormat(@Nullable Authority authority, String audience, List<String> algorithms, Duration skew) {
    /** RFC 9701 section 4. */
    public static final String MEDIA_TYPE = "application/token-introspection+jwt";

    public SignedFormat {
        algorithms = List.copyOf(algorithms);
    }

    /** Everything that decides which answers are good: policies that differ in it share none. */
    public String identity() {
        return MEDIA_TYPE + ' ' + this;
    }
}
