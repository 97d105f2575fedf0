package dev.gatehouse.policies.introspect.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.policies.introspect.options.token.BindingOptions.Binding;
import dev.gatehouse.policies.introspect.options.token.BindingOptions.Dpop;
import dev.gatehouse.policies.introspect.options.token.BindingOptions.Nonce;
import dev.gatehouse.policies.introspect.options.token.BindingOptions.Replay;
import dev.gatehouse.policies.introspect.server.TimeFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The register with its real threads. */
class ProofRegisterTest {
    private static final Dpop OPTIONS =
            new Dpop(Binding.AUTO, Dpop.KNOWN_ALGORITHMS, Duration.ofSeconds(60), Nonce.OFF, null, new Replay(1000));
    private static final int REQUESTS = 50;

    private final TimeFixture time = new TimeFixture();
    private final ProofRegister register = ProofRegister.open(time, time);

    ProofRegisterTest() {
        register.retain(OPTIONS);
    }

    @AfterEach
    void close() {
        register.close();
    }

    private SignedProof proof() {
        var client = ProofFixture.client();
        var purpose = new ProofReader.Purpose("GET", "http://api.example.com/orders", "t", client.thumbprint());
        String text = ProofFixture.proof(client).sign();
        ProofReader reader = new ProofReader(OPTIONS, register.nonces(), time);
        return Objects.requireNonNull(reader.read(List.of(text), purpose).proof());
    }

    @Test
    void verifiesOnAThreadOfItsOwn() throws Exception {
        CompletableFuture<String> thread = new CompletableFuture<>();

        register.verify(proof())
                .whenComplete((result, error) ->
                        thread.complete(Thread.currentThread().getName()));

        // A fast thread is done before the stage is looked at; then the name is that of the test.
        assertThat(thread.get(10, TimeUnit.SECONDS))
                .isIn("dpop-proofs", Thread.currentThread().getName());
    }

    @Test
    void acceptsExactlyOneOfManyUsesOfOneProof() throws Exception {
        SignedProof proof = proof();
        List<CompletableFuture<ProofResult>> uses = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            uses.add(register.verify(proof));
        }

        List<ProofResult> results = new ArrayList<>();
        for (CompletableFuture<ProofResult> use : uses) {
            results.add(use.get(10, TimeUnit.SECONDS));
        }

        assertThat(results).containsOnly(ProofResult.VALID, ProofResult.REPLAYED);
        assertThat(results).containsOnlyOnce(ProofResult.VALID);
    }

    @Test
    void refusesAfterItsEnd() throws Exception {
        SignedProof proof = proof();
        register.close();

        assertThat(register.verify(proof).get(10, TimeUnit.SECONDS)).isEqualTo(ProofResult.BUSY);
    }

    @Test
    void showsNothingOfAProof() {
        assertThat(proof().toString()).isEqualTo("SignedProof");
        assertThat(new ProofReader.Purpose("GET", "u", "t", "k").toString()).isEqualTo("Purpose");
    }
}
