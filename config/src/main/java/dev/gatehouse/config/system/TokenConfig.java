package dev.gatehouse.config.system;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.config.bind.Unit;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Lifetimes and forms of the tokens that Express Gateway issues itself. */
public final class TokenConfig {
    private TokenConfig() {}

    /** {@code accessTokens}. */
    public record Access(
            @Doc("Lifetime of an access token.") @Default("720000") @Unit(ChronoUnit.MILLIS)
            Duration timeToExpiry,

            @Doc("Form of a token.") @Default("opaque") Type tokenType,
            @Doc("Issuer of a JWT.") @Nullable String issuer,
            @Doc("Audience of a JWT.") @Nullable String audience,
            @Doc("Subject of a JWT.") @Nullable String subject,
            @Doc("Signature of a JWT.") @Default("HS256") String algorithm,
            @Doc("Key that signs a JWT.") @Nullable Secret secretOrPrivateKey,
            @Doc("File with that key.") @Nullable Path secretOrPrivateKeyFile) {
        public Access {
            check(timeToExpiry);
        }
    }

    /** Form of an access token. */
    public enum Type {
        OPAQUE,
        JWT
    }

    /** {@code refreshTokens}. */
    public record Refresh(
            @Doc("Lifetime of a refresh token.") @Default("720000") @Unit(ChronoUnit.MILLIS)
            Duration timeToExpiry) {
        public Refresh {
            check(timeToExpiry);
        }
    }

    /** {@code authorizationCodes}. */
    public record Codes(
            @Doc("Lifetime of an authorization code.") @Default("300000") @Unit(ChronoUnit.MILLIS)
            Duration timeToExpiry) {
        public Codes {
            check(timeToExpiry);
        }
    }

    private static void check(Duration timeToExpiry) {
        if (timeToExpiry.isNegative() || timeToExpiry.isZero()) {
            throw new IllegalArgumentException(
                    "timeToExpiry: " + timeToExpiry.toMillis() + " (expected: more than zero milliseconds)");
        }
    }
}
