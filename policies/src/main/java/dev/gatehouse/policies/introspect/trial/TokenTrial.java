package dev.gatehouse.policies.introspect.trial;

import dev.gatehouse.policies.auth.BearerToken;
import dev.gatehouse.policies.auth.BearerToken.Place;
import dev.gatehouse.policies.auth.BearerToken.Scheme;
import dev.gatehouse.policies.auth.TokenSources;
import dev.gatehouse.policies.introspect.cache.Reuse;
import dev.gatehouse.policies.introspect.cache.TokenKey;
import dev.gatehouse.policies.introspect.check.JwtPrecheck;
import dev.gatehouse.policies.introspect.check.TokenChecks;
import dev.gatehouse.policies.introspect.options.CacheOptions;
import dev.gatehouse.policies.introspect.options.ClaimsOptions;
import dev.gatehouse.policies.introspect.options.ScopesOptions;
import dev.gatehouse.policies.introspect.options.StepUpOptions;
import dev.gatehouse.policies.introspect.provider.ProviderMatch;
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
 * One server of a step, ready to try a token: asks it with the gateway's own credentials and limits and judges
 * the answer with the step's own checks, so that the result is what a client would get. Immutable; safe on any thread.
 */
public final class TokenTrial {
    /**
     * What a policy has around its servers.
     *
     * @param anonymous which refusals let the request through as anonymous
     */
    public record Gate(TokenSources sources, Refusals refusals, Predicate<Denial> anonymous, InstantSource clock) {}

    /**
     * One server of a policy.
     *
     * @param precheck see {@link JwtPrecheck}; null = off
     * @param match which tokens it is asked about
     * @param tryNext whether the next server may be asked about tokens that it does not know
     */
    public record Server(
            AuthorizationServer server,
            Reuse reuse,
            Bounds bounds,
            TokenChecks checks,
            @Nullable JwtPrecheck precheck,
            ProviderMatch match,
            boolean tryNext) {}

    /** The options of the step that the result explains. */
    public record Options(
            ClaimsOptions claims,
            ScopesOptions scopes,
            @Nullable StepUpOptions stepUp,
            CacheOptions cache) {}

    private final String step;
    private final Gate gate;
    private final Server server;
    private final Options options;

    /** @param step path of the step in the file */
    public TokenTrial(String step, Gate gate, Server server, Options options) {
        this.step = step;
        this.gate = gate;
        this.server = server;
        this.options = options;
    }

    /** Whether the gateway would ask this server about the token, for some request at least. */
    public boolean isFor(String token) {
        return server.match().fits(new BearerToken(token, 0, token.length(), Place.HEADER, Scheme.BEARER, null));
    }

    /** Whether the gateway would ask no later server of the step about a token that got this answer. */
    public boolean isLast(TrialAnswer answer) {
        boolean unknown = answer.state() == TrialAnswer.State.INACTIVE || answer.state() == TrialAnswer.State.REJECTED;
        return server.match().fitsEverywhere() && !(unknown && server.tryNext());
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
        return server.bounds().totalTimeout();
    }

    /** Asks about a token. Completes normally, on any thread. */
    public CompletionStage<TrialAnswer> ask(String token) {
        Denial flaw = flaw(token);
        if (flaw != null) {
            return CompletableFuture.completedFuture(new TrialAnswer(gate, server, options, "", flaw, null));
        }
        TokenKey key = server.server().key(token, 0, token.length());
        return server.server()
                .ask(key, token, server.reuse(), server.bounds())
                .answer()
                .thenApply(answer -> new TrialAnswer(gate, server, options, key.fingerprint(), null, answer));
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
        if (flaw != null && flaw != BearerToken.Flaw.MISSING) {
            return Denial.of(flaw);
        }
        return server.precheck() == null ? null : server.precheck().refusal(token, 0, token.length());
    }
}
