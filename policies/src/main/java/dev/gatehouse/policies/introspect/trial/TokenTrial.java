package dev.gatehouse.policies.introspect.trial;

import dev.gatehouse.policies.auth.BearerToken;
import dev.gatehouse.policies.auth.TokenSources;
import dev.gatehouse.policies.introspect.cache.Reuse;
import dev.gatehouse.policies.introspect.cache.TokenKey;
import dev.gatehouse.policies.introspect.check.TokenChecks;
import dev.gatehouse.policies.introspect.options.CacheOptions;
import dev.gatehouse.policies.introspect.options.ClaimsOptions;
import dev.gatehouse.policies.introspect.options.ScopesOptions;
import dev.gatehouse.policies.introspect.options.StepUpOptions;
import dev.gatehouse.policies.introspect.refusal.Denial;
import dev.gatehouse.policies.introspect.refusal.Refusals;
import dev.gatehouse.policies.introspect.server.AuthorizationServer;
import dev.gatehouse.policies.introspect.server.IntrospectionRequest.Bounds;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One step, ready to try a token: asks the server of the step with the gateway's own credentials and limits and judges
 * the answer with the step's own checks, so that the result is what a client would get. Immutable; safe on any thread.
 */
public final class TokenTrial {
    /**
     * The parts of the policy.
     *
     * @param anonymous which refusals let the request through as anonymous
     */
    public record Gate(
            AuthorizationServer server,
            Reuse reuse,
            Bounds bounds,
            TokenSources sources,
            TokenChecks checks,
            Refusals refusals,
            Predicate<Denial> anonymous) {}

    /** The options of the step that the result explains. */
    public record Options(
            ClaimsOptions claims,
            ScopesOptions scopes,
            @Nullable StepUpOptions stepUp,
            CacheOptions cache) {}

    private final String step;
    private final Gate gate;
    private final Options options;
    private final InstantSource clock;

    /** @param step path of the step in the file */
    public TokenTrial(String step, Gate gate, Options options, InstantSource clock) {
        this.step = step;
        this.gate = gate;
        this.options = options;
        this.clock = clock;
    }

    /** Path of the step in the file. */
    public String step() {
        return step;
    }

    /** The issuers that the step accepts; empty = any. */
    public List<String> issuers() {
        return options.claims().issuer();
    }

    /** The methods that the step has rules of their own for. */
    public List<String> methods() {
        TreeSet<String> methods = new TreeSet<>(options.scopes().byMethod().keySet());
        if (options.stepUp() != null) {
            methods.addAll(options.stepUp().methods());
        }
        return List.copyOf(methods);
    }

    /** Longest time until the answer of {@link #ask}. */
    public Duration timeout() {
        return gate.bounds().totalTimeout();
    }

    /** Asks about a token. Completes normally, on any thread. */
    public CompletionStage<TrialAnswer> ask(String token) {
        Denial flaw = flaw(token);
        if (flaw != null) {
            return CompletableFuture.completedFuture(new TrialAnswer(gate, options, clock, "", flaw, null));
        }
        TokenKey key = gate.server().key(token, 0, token.length());
        return gate.server()
                .ask(key, token, gate.reuse(), gate.bounds())
                .answer()
                .thenApply(answer -> new TrialAnswer(gate, options, clock, key.fingerprint(), null, answer));
    }

    /** Why the gateway would not even ask; null = it would. */
    private @Nullable Denial flaw(String token) {
        if (token.isEmpty() || !token.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            return Denial.ILL_FORMED;
        }
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
        request.headers().set(HttpHeaderNames.AUTHORIZATION, "Bearer " + token);
        BearerToken.Flaw flaw = gate.sources().find(request).flaw();
        // A step that looks elsewhere finds none here.
        return flaw == null || flaw == BearerToken.Flaw.MISSING ? null : Denial.of(flaw);
    }
}
