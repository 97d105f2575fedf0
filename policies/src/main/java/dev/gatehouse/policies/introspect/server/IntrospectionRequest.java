package dev.gatehouse.policies.introspect.server;

import dev.gatehouse.client.HttpCall;
import dev.gatehouse.client.Target;
import dev.gatehouse.config.bind.Secret;
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
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The request of RFC 7662 section 2.1, everything but the token prepared. Immutable. Nothing of the client's request
 * gets into it besides the token.
 *
 * @param target whom to ask
 * @param requestTarget path and query of the endpoint
 * @param authentication how the gateway itself is known there
 * @param tokenTypeHint value of {@code token_type_hint}; null = not sent
 * @param signed what answers have to be; null = plain JSON
 */
public record IntrospectionRequest(
        Target target,
        String requestTarget,
        Authentication authentication,
        @Nullable String tokenTypeHint,
        @Nullable SignedFormat signed) {
    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";

    /** A request whose answers are plain JSON. */
    public IntrospectionRequest(
            Target target, String requestTarget, Authentication authentication, @Nullable String tokenTypeHint) {
        this(target, requestTarget, authentication, tokenTypeHint, null);
    }

    /**
     * Client authentication at the authorization server.
     *
     * @param method name of the method, part of the introspection identity
     * @param header value of the Authorization header; null = none
     * @param form parameters appended to the body, beginning with {@code &}; null = none
     */
    public record Authentication(
            String method,
            @Nullable Secret header,
            @Nullable Secret form) {
        public static Authentication none() {
            return new Authentication("none", null, null);
        }

        /** The value as configured, without any scheme added: what Express Gateway sends. */
        public static Authentication verbatim(Secret value) {
            return new Authentication("verbatim", value, null);
        }

        /** RFC 6749 section 2.3.1: both parts are form-encoded before they are joined. */
        public static Authentication basic(String id, Secret secret) {
            byte[] pair = (encode(id) + ':' + encode(secret.reveal())).getBytes(StandardCharsets.US_ASCII);
            String value = "Basic " + Base64.getEncoder().encodeToString(pair);
            return new Authentication("client_secret_basic", new Secret(value), null);
        }

        public static Authentication post(String id, Secret secret) {
            String form = "&client_id=" + encode(id) + "&client_secret=" + encode(secret.reveal());
            return new Authentication("client_secret_post", null, new Secret(form));
        }
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
        MessageDigest digest = sha256();
        for (@Nullable
        Object part : new @Nullable Object[] {
            target.host(),
            target.port(),
            target.tls(),
            requestTarget,
            authentication.method(),
            authentication.header() == null ? null : authentication.header().reveal(),
            authentication.form() == null ? null : authentication.form().reveal(),
            tokenTypeHint,
            signed == null ? JSON : signed.identity()
        }) {
            byte[] bytes = part == null ? new byte[0] : part.toString().getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(Integer.BYTES)
                    .putInt(part == null ? -1 : bytes.length)
                    .flip());
            digest.update(bytes);
        }
        return digest.digest();
    }

    /** The call for one token. */
    HttpCall call(String token, Bounds bounds, Duration remaining) {
        HttpHeaders headers = new DefaultHttpHeaders();
        headers.set(HttpHeaderNames.ACCEPT, signed == null ? JSON : SignedFormat.MEDIA_TYPE);
        headers.set(HttpHeaderNames.CONTENT_TYPE, FORM);
        if (authentication.header() != null) {
            headers.set(HttpHeaderNames.AUTHORIZATION, authentication.header().reveal());
        }
        return new HttpCall(
                target,
                HttpMethod.POST,
                requestTarget,
                headers,
                body(token),
                bounds.maxResponseBytes(),
                shorter(bounds.connectTimeout(), remaining),
                shorter(bounds.firstByteTimeout(), remaining),
                remaining);
    }

    private byte[] body(String token) {
        StringBuilder body = new StringBuilder(token.length() + 64);
        body.append("token=").append(encode(token));
        if (tokenTypeHint != null) {
            body.append("&token_type_hint=").append(encode(tokenTypeHint));
        }
        if (authentication.form() != null) {
            body.append(authentication.form().reveal());
        }
        return body.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
