package dev.gatehouse.policies.introspect.server;

import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.Target;
import dev.gatehouse.policies.introspect.credentials.ClientAuthentication;
import dev.gatehouse.policies.introspect.credentials.Credentials;
import dev.gatehouse.policies.introspect.signed.SignedFormat;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The request of RFC 7662 section 2.1, everything but the token prepared. Immutable. Nothing of the client's request
 * gets into it besides the token.
 *
 * @param target whom to ask
 * @param requestTarget path and query of the endpoint
 * @param authentication how the gateway itself is known there
 * @param tokenTypeHint value of {@code token_type_hint}; null = not sent
 * @param additions what else is sent
 * @param signed what answers have to be; null = plain JSON
 */
public record IntrospectionRequest(
        Target target,
        String requestTarget,
        ClientAuthentication authentication,
        @Nullable String tokenTypeHint,
        RequestAdditions additions,
        @Nullable SignedFormat signed) {
    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";

    /** The question of RFC 7662 without additions, for a plain answer. */
    public IntrospectionRequest(
            Target target, String requestTarget, ClientAuthentication authentication, @Nullable String tokenTypeHint) {
        this(target, requestTarget, authentication, tokenTypeHint, RequestAdditions.NONE, null);
    }

    /**
     * Bounds of one introspection; they belong to the policy that asks, not to the server.
     *
     * @param firstByteTimeout see {@link HttpCall#firstByteTimeout()}
     * @param totalTimeout of queueing, all attempts and the whole answer
     * @param retries attempts after the first one
     */
    public record Bounds(
            Duration connectTimeout,
            Duration firstByteTimeout,
            Duration totalTimeout,
            int retries,
            int maxResponseBytes) {}

    /**
     * SHA-256 over everything that makes two requests for one token different. Policies whose digests are equal trust
     * each other's answers; all parts carry their length, so that no two lists of parts look the same.
     */
    byte[] identity() {
        List<@Nullable Object> parts = new ArrayList<>();
        parts.add(target.host());
        parts.add(target.port());
        parts.add(target.tls());
        parts.add(target.way().proxy());
        parts.add(target.way().proxy() == null ? null : target.way().proxy().authorization());
        parts.add(requestTarget);
        parts.addAll(authentication.identity());
        parts.add(tokenTypeHint);
        parts.addAll(additions.identity());
        parts.add(signed == null ? JSON : signed.identity());
        return digest(parts);
    }

    private static byte[] digest(List<@Nullable Object> parts) {
        MessageDigest digest = sha256();
        for (@Nullable Object part : parts) {
            byte[] bytes = part == null ? new byte[0] : part.toString().getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(Integer.BYTES)
                    .putInt(part == null ? -1 : bytes.length)
                    .flip());
            digest.update(bytes);
        }
        return digest.digest();
    }

    /** The same request to another endpoint. */
    IntrospectionRequest at(Target otherTarget, String otherRequestTarget) {
        return new IntrospectionRequest(
                otherTarget, otherRequestTarget, authentication, tokenTypeHint, additions, signed);
    }

    /** Where it goes, without the query, which may hold a credential. */
    String url() {
        int query = requestTarget.indexOf('?');
        String path = query < 0 ? requestTarget : requestTarget.substring(0, query);
        return (target.tls() == null ? "http://" : "https://") + target.authority() + path;
    }

    /** The call for one token. */
    HttpCall call(String token, Credentials credentials, Bounds bounds, Duration remaining) {
        HttpHeaders headers = new DefaultHttpHeaders();
        headers.set(HttpHeaderNames.ACCEPT, signed == null ? JSON : SignedFormat.MEDIA_TYPE);
        headers.set(HttpHeaderNames.CONTENT_TYPE, FORM);
        additions.headers().forEach((name, value) -> headers.set(name, value.reveal()));
        if (credentials.header() != null) {
            headers.set(HttpHeaderNames.AUTHORIZATION, credentials.header().reveal());
        }
        return new HttpCall(
                target,
                HttpMethod.POST,
                requestTarget,
                headers,
                body(token, credentials),
                bounds.maxResponseBytes(),
                shorter(bounds.connectTimeout(), remaining),
                shorter(bounds.firstByteTimeout(), remaining),
                remaining,
                additions.connectionIdle());
    }

    private byte[] body(String token, Credentials credentials) {
        StringBuilder body = new StringBuilder(token.length() + 64);
        body.append(encode(additions.tokenParam())).append('=').append(encode(token));
        if (tokenTypeHint != null) {
            body.append("&token_type_hint=").append(encode(tokenTypeHint));
        }
        additions
                .params()
                .forEach((name, value) ->
                        body.append('&').append(encode(name)).append('=').append(encode(value.reveal())));
        if (credentials.form() != null) {
            body.append(credentials.form().reveal());
        }
        return body.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
