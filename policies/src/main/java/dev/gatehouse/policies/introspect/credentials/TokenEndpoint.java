package dev.gatehouse.policies.introspect.credentials;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.client.CallResult.Answer;
import dev.gatehouse.client.CallResult.Failed;
import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.HttpCaller;
import dev.gatehouse.client.Target;
import dev.gatehouse.config.bind.Secret;
import dev.gatehouse.policies.auth.claim.ClaimTree;
import dev.gatehouse.policies.introspect.report.Cause;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Gets an access token for the gateway itself with the client credentials grant (RFC 6749 section 4.4). Immutable.
 *
 * @param target whom to ask
 * @param requestTarget path and query of the token endpoint
 * @param clientId who asks
 * @param clientSecret sent as {@code client_secret_basic}
 * @param scope null = none is asked for
 * @param connectTimeout bound of TCP and TLS
 * @param totalTimeout bound of the whole exchange
 */
public record TokenEndpoint(
        Target target,
        String requestTarget,
        String clientId,
        Secret clientSecret,
        @Nullable String scope,
        Duration connectTimeout,
        Duration totalTimeout) {
    private static final int MAX_ANSWER_BYTES = 64 * 1024;
    private static final int MAX_TOKEN_LENGTH = 16 * 1024;

    /** How long a token is used whose answer does not say how long it lives. */
    private static final Duration UNSAID = Duration.ofMinutes(1);

    private static final Duration LONGEST = Duration.ofDays(1);

    /** A token, or why there is none. */
    sealed interface Grant {
        /**
         * There is one.
         *
         * @param life from now on, at most a day
         */
        record Granted(Credentials credentials, Duration life) implements Grant {}

        record Denied(Cause cause) implements Grant {}
    }

    List<@Nullable String> identity() {
        List<@Nullable String> parts = new ArrayList<>();
        parts.add(target.label());
        parts.add(requestTarget);
        parts.add(clientId);
        parts.add(clientSecret.reveal());
        parts.add(scope);
        return parts;
    }

    /** Asks for a token; completes normally within {@link #totalTimeout}. */
    CompletionStage<Grant> ask(HttpCaller http) {
        try {
            return http.call(call()).handle(TokenEndpoint::grant);
        } catch (RuntimeException e) {
            // Boundary to foreign code; whoever waits for the token gets an answer.
            return CompletableFuture.completedStage(new Grant.Denied(Cause.INTERNAL));
        }
    }

    private HttpCall call() {
        HttpHeaders headers = new DefaultHttpHeaders();
        headers.set(HttpHeaderNames.ACCEPT, "application/json");
        headers.set(HttpHeaderNames.CONTENT_TYPE, "application/x-www-form-urlencoded");
        headers.set(
                HttpHeaderNames.AUTHORIZATION,
                Objects.requireNonNull(Credentials.basic(clientId, clientSecret).header())
                        .reveal());
        String body = "grant_type=client_credentials" + (scope == null ? "" : "&scope=" + Credentials.encode(scope));
        return new HttpCall(
                target,
                HttpMethod.POST,
                requestTarget,
                headers,
                body.getBytes(StandardCharsets.US_ASCII),
                MAX_ANSWER_BYTES,
                connectTimeout,
                totalTimeout,
                totalTimeout);
    }

    private static Grant grant(@Nullable CallResult result, @Nullable Throwable failure) {
        if (result instanceof Answer answer) {
            return answer.status() == 200 ? granted(answer) : new Grant.Denied(cause(answer.status()));
        }
        return new Grant.Denied(result instanceof Failed failed ? Cause.of(failed.cause()) : Cause.INTERNAL);
    }

    private static Cause cause(int status) {
        return switch (status) {
            case 400, 401, 403 -> Cause.CREDENTIALS;
            case 429 -> Cause.RATE_LIMITED;
            default -> status >= 500 ? Cause.STATUS : Cause.UNUSABLE;
        };
    }

    /** RFC 6749 section 5.1. */
    private static Grant granted(Answer answer) {
        String type = answer.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
        boolean json = type.toLowerCase(Locale.ROOT).startsWith("application/json");
        Map<String, @Nullable Object> members = json ? ClaimTree.read(answer.body()) : null;
        if (members == null
                || !(members.get("access_token") instanceof String token)
                || !(members.get("token_type") instanceof String kind)
                || !kind.equalsIgnoreCase("bearer")
                || !isSendable(token)) {
            return new Grant.Denied(Cause.UNUSABLE);
        }
        Duration life = life(members.get("expires_in"));
        return life == null
                ? new Grant.Denied(Cause.UNUSABLE)
                : new Grant.Granted(Credentials.header("Bearer " + token), life);
    }

    private static @Nullable Duration life(@Nullable Object expiresIn) {
        if (expiresIn == null) {
            return UNSAID;
        }
        if (!(expiresIn instanceof Number seconds) || !(seconds.doubleValue() >= 0)) {
            return null;
        }
        return Duration.ofSeconds((long) Math.min(seconds.doubleValue(), (double) LONGEST.toSeconds()));
    }

    /** What is not visible ASCII would break the header that it goes into. */
    private static boolean isSendable(String token) {
        return !token.isEmpty()
                && token.length() <= MAX_TOKEN_LENGTH
                && token.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
