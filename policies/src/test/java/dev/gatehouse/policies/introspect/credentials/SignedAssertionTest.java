package dev.gatehouse.policies.introspect.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.policies.introspect.report.Cause;
import dev.gatehouse.policies.introspect.server.TimeFixture;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an authorization server gets to verify. */
class SignedAssertionTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final String AUDIENCE = "https://as.example.com/introspect";

    @TempDir
    private Path folder;

    private final TimeFixture time = new TimeFixture();
    private KeyFixture files;

    @BeforeEach
    void open() {
        files = new KeyFixture(folder);
    }

    private SignedAssertion assertion(Path key, java.util.concurrent.Executor signing) {
        SigningKey read = SigningKey.read(key, new SigningKey.Wanted("k1", null, null));
        return new SignedAssertion("gate:way", AUDIENCE, read, signing, time);
    }

    private static Map<String, List<String>> form(SignedAssertion assertion) {
        CompletableFuture<Presented> presented = assertion.present(LONG).toCompletableFuture();
        Credentials credentials =
                (Credentials) presented.orTimeout(10, TimeUnit.SECONDS).join();
        assertThat(credentials.header()).isNull();
        String form = Objects.requireNonNull(credentials.form()).reveal();
        assertThat(form).startsWith("&");
        return new QueryStringDecoder(form.substring(1), false).parameters();
    }

    private static SignedJWT jwt(Map<String, List<String>> form) throws Exception {
        return SignedJWT.parse(form.get("client_assertion").get(0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isAcceptedByTheServer(boolean rsa) throws Exception {
        KeyPair pair = rsa ? KeyFixture.rsa(2048) : KeyFixture.ec("secp256r1");
        JWSVerifier verifier = rsa
                ? new RSASSAVerifier((RSAPublicKey) pair.getPublic())
                : new ECDSAVerifier((ECPublicKey) pair.getPublic());

        Map<String, List<String>> form = form(assertion(files.pem(pair.getPrivate()), Runnable::run));

        SignedJWT jwt = jwt(form);
        assertThat(jwt.verify(verifier)).isTrue();
        assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo(rsa ? "PS256" : "ES256");
        assertThat(jwt.getHeader().getKeyID()).isEqualTo("k1");
        JWTClaimsSet claims = jwt.getJWTClaimsSet();
        assertThat(claims.getIssuer()).isEqualTo("gate:way");
        assertThat(claims.getSubject()).isEqualTo("gate:way");
        assertThat(claims.getAudience()).containsExactly(AUDIENCE);
        assertThat(claims.getIssueTime()).isEqualTo(time.instant());
        assertThat(claims.getExpirationTime()).isEqualTo(time.instant().plusSeconds(60));
        assertThat(form)
                .containsEntry("client_id", List.of("gate:way"))
                .containsEntry(
                        "client_assertion_type", List.of("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
    }

    @Test
    void hasAnotherIdInEachRequest() throws Exception {
        SignedAssertion assertion =
                assertion(files.pem(KeyFixture.ec("secp256r1").getPrivate()), Runnable::run);

        String first = jwt(form(assertion)).getJWTClaimsSet().getJWTID();
        String second = jwt(form(assertion)).getJWTClaimsSet().getJWTID();

        assertThat(first).hasSizeGreaterThan(20).isNotEqualTo(second);
    }

    @Test
    void isSignedOnTheThreadsForIt() {
        List<Runnable> tasks = new ArrayList<>();
        SignedAssertion assertion =
                assertion(files.pem(KeyFixture.ec("secp256r1").getPrivate()), tasks::add);

        CompletableFuture<Presented> presented = assertion.present(LONG).toCompletableFuture();

        assertThat(presented).isNotDone();
        tasks.forEach(Runnable::run);
        assertThat(presented.join()).isInstanceOf(Credentials.class);
    }

    @Test
    void refusesWhenTooManyWaitForASignature() {
        SignedAssertion assertion =
                assertion(files.pem(KeyFixture.ec("secp256r1").getPrivate()), task -> {
                    throw new RejectedExecutionException("full");
                });

        assertThat(assertion.present(LONG).toCompletableFuture().join())
                .isEqualTo(new Presented.Missing(Cause.BULKHEAD));
    }

    @Test
    void refusesWhenTheSignatureTakesTooLong() {
        SignedAssertion assertion =
                assertion(files.pem(KeyFixture.ec("secp256r1").getPrivate()), task -> {});

        assertThat(assertion
                        .present(Duration.ofMillis(20))
                        .toCompletableFuture()
                        .orTimeout(10, TimeUnit.SECONDS)
                        .join())
                .isEqualTo(new Presented.Missing(Cause.BULKHEAD));
    }

    @Test
    void theThreadsTakeNoMoreThanTheyCanKeep() {
        try (SigningThreads threads = new SigningThreads()) {
            CompletableFuture<Void> go = new CompletableFuture<>();
            int taken = 0;
            try {
                for (; taken < 1_000; taken++) {
                    threads.execute(go::join);
                }
            } catch (RejectedExecutionException full) {
                assertThat(full).isNotNull();
            }
            go.complete(null);

            assertThat(taken).isEqualTo(256 + 2);
        }
    }

    @Test
    void isAnotherClientWithAnotherKey() {
        Path key = files.pem(KeyFixture.ec("secp256r1").getPrivate());
        Path other = files.pem(KeyFixture.ec("secp256r1").getPrivate());

        assertThat(assertion(key, Runnable::run).identity())
                .isEqualTo(assertion(key, Runnable::run).identity())
                .isNotEqualTo(assertion(other, Runnable::run).identity());
    }
}
