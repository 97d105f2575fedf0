package dev.gatehouse.policies.introspect.credentials;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.policies.introspect.report.Cause;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Method {@code private_key_jwt} (RFC 7523 sections 2.2 and 3): a fresh signed assertion for every request. Immutable;
 * signs on the executor, never on the caller's thread.
 */
public final class SignedAssertion implements ClientAuthentication {
    private static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final Duration LIFE = Duration.ofSeconds(60);
    private static final int ID_BYTES = 16;

    private final String clientId;
    private final String audience;
    private final SigningKey key;
    private final Executor signing;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /** @param audience who is to accept the assertions */
    public SignedAssertion(String clientId, String audience, SigningKey key, Executor signing, InstantSource clock) {
        this.clientId = clientId;
        this.audience = audience;
        this.key = key;
        this.signing = signing;
        this.clock = clock;
    }

    @Override
    public List<@Nullable String> identity() {
        return Arrays.asList(
                "private_key_jwt", clientId, key.digest(), key.algorithm().getName(), key.id(), audience);
    }

    @Override
    public CompletionStage<Presented> present(Duration within) {
        try {
            return CompletableFuture.supplyAsync(this::sign, signing)
                    .completeOnTimeout(new Presented.Missing(Cause.BULKHEAD), within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedStage(new Presented.Missing(Cause.BULKHEAD));
        }
    }

    /** The next assertion is another one. */
    @Override
    public boolean renew(Credentials refused) {
        return true;
    }

    private Presented sign() {
        Instant now = clock.instant();
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(clientId)
                .subject(clientId)
                .audience(audience)
                .jwtID(Base64.getUrlEncoder().withoutPadding().encodeToString(id))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFE)))
                .build();
        JWSHeader header = new JWSHeader.Builder(key.algorithm())
                .type(JOSEObjectType.JWT)
                .keyID(key.id())
                .build();
        SignedJWT assertion = new SignedJWT(header, claims);
        try {
            assertion.sign(key.signer());
        } catch (JOSEException e) {
            // The key was tried at start; what is left is a fault of the gateway, and its message may quote claims.
            return new Presented.Missing(Cause.INTERNAL);
        }
        return Credentials.form(
                "client_id", clientId, "client_assertion_type", TYPE, "client_assertion", assertion.serialize());
    }
}
