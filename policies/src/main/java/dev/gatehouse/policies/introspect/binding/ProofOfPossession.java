package dev.gatehouse.policies.introspect.binding;

import dev.gatehouse.exchange.Exchange;
import dev.gatehouse.exchange.ResponseHook;
import dev.gatehouse.policies.auth.BearerToken;
import dev.gatehouse.policies.introspect.answer.TokenFacts.Confirmation;
import dev.gatehouse.policies.introspect.options.token.BindingOptions.Binding;
import dev.gatehouse.policies.introspect.options.token.BindingOptions.Dpop;
import dev.gatehouse.policies.introspect.options.token.BindingOptions.Nonce;
import dev.gatehouse.policies.introspect.refusal.Denial;
import dev.gatehouse.policy.PolicyContext;
import dev.gatehouse.policy.Verdict;
import io.micrometer.core.instrument.Counter;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Demands of a request the proof that its token is bound to (RFC 9449 sections 6 and 7): each request has a proof of its
 * own, so this runs on every use of a token, also of a cached answer. Event loop of the exchange; signatures are
 * verified elsewhere.
 */
public final class ProofOfPossession {
    private static final String DPOP_NONCE = "dpop-nonce";

    private final Dpop options;
    private final ProofRegister register;
    private final ProofReader reader;
    private final RequestUrl url;
    private final Map<ProofResult, Counter> results = new EnumMap<>(ProofResult.class);

    /**
     * Start-up thread.
     *
     * @param server name of the authorization server in metrics
     */
    public ProofOfPossession(Dpop options, String server, PolicyContext context) {
        this.options = options;
        register = context.shared(new ProofRegister.Key(), () -> ProofRegister.open(context.clock(), context.ticker()));
        register.retain(options);
        reader = new ProofReader(options, register.nonces(), context.clock());
        url = new RequestUrl(options.publicBaseUrl());
        for (ProofResult result : ProofResult.values()) {
            results.put(
                    result,
                    context.meters()
                            .counter("gateway.introspection.dpop.proofs", "server", server, "result", result.tag()));
        }
    }

    /** Whether {@link #demand} has something to decide: false for a plain bearer token, the ordinary case. */
    public boolean concerns(BearerToken token, @Nullable Confirmation confirmation) {
        return options.mode() != Binding.OFF
                && (token.scheme() == BearerToken.Scheme.DPOP
                        || options.mode() == Binding.REQUIRED
                        || (confirmation != null && confirmation.proofKey() != null));
    }

    /**
     * Checks the proof and goes on.
     *
     * @param then gets why the request is refused, or null; runs once, on the event loop
     */
    public Verdict demand(
            Exchange exchange,
            BearerToken token,
            @Nullable Confirmation confirmation,
            Function<@Nullable Denial, Verdict> then) {
        String thumbprint = confirmation == null ? null : confirmation.proofKey();
        // RFC 9449 section 7.2: a bound token under Bearer and a plain one under DPoP are both refused; otherwise a
        // stolen token would be as good as before.
        if (thumbprint == null || token.scheme() != BearerToken.Scheme.DPOP) {
            return then.apply(Denial.DPOP);
        }
        ProofReader.Purpose purpose = new ProofReader.Purpose(
                exchange.request().method().name(), url.of(exchange), token.value(), thumbprint);
        ProofReader.Reading reading = reader.read(exchange.request().headers().getAll("dpop"), purpose);
        SignedProof proof = reading.proof();
        if (proof == null) {
            return conclude(exchange, reading.result(), true, then);
        }
        return Verdict.await(
                register.verify(proof),
                ProofRegister.DEADLINE,
                () -> conclude(exchange, ProofResult.BUSY, proof.nonceIsCurrent(), then),
                result -> conclude(exchange, result, proof.nonceIsCurrent(), then));
    }

    private Verdict conclude(
            Exchange exchange, ProofResult result, boolean nonceIsCurrent, Function<@Nullable Denial, Verdict> then) {
        Objects.requireNonNull(results.get(result), result.tag()).increment();
        if (options.nonce() == Nonce.REQUIRED && (result == ProofResult.NONCE || !nonceIsCurrent)) {
            exchange.onResponse(giveNonce());
        }
        return then.apply(result.denial());
    }

    /** RFC 9449 section 8.2: no cache may serve somebody an old nonce. */
    private ResponseHook giveNonce() {
        String nonce = register.nonces().current();
        return response -> {
            response.message().headers().set(DPOP_NONCE, nonce);
            response.message().headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        };
    }
}
