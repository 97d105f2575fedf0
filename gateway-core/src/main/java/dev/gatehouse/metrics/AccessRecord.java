package dev.gatehouse.metrics;

import dev.gatehouse.exchange.AuthTrail;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Everything the access log may tell about one finished request. A plain carrier, so that filling it costs the event
 * loop only assignments: filled there, handed to {@link AccessLog#write} once, not touched afterwards.
 *
 * <p>Null and negative numbers mean unknown; such fields are left out of the line. Nanoseconds where the name says so.
 */
public final class AccessRecord {
    /** End of the request, milliseconds since 1970. */
    public long endMillis;

    public @Nullable String requestId;
    public @Nullable String traceId;
    public @Nullable String spanId;
    public @Nullable String method;
    public @Nullable String scheme;
    public @Nullable String host;

    /** Request-target as received, with its query; the log decides what of it is shown. */
    public @Nullable String target;

    /** {@code http/1.1}, {@code h2} or {@code ws}. */
    public @Nullable String protocol;

    /** Status sent to the client; 499 when it left before. */
    public int status;

    public long bytesIn = -1;
    public long bytesOut = -1;

    /** From the first byte of the request to the last byte of the response. */
    public long durationNanos;

    /** The part of the duration that the gateway itself took. */
    public long gatewayNanos = -1;

    public long introspectNanos = -1;
    public long upstreamNanos = -1;

    /** From the first byte of the request to the first byte of the response. */
    public long firstByteNanos = -1;

    /** Name of the apiEndpoint. */
    public @Nullable String endpoint;

    public @Nullable String pipeline;

    /** The client, behind trusted proxies the one that they name. */
    public @Nullable InetAddress client;

    public @Nullable String userAgent;
    public AuthTrail.Result auth = AuthTrail.Result.NONE;
    public @Nullable String authReason;
    public AuthTrail.@Nullable Source authSource;

    /** Written only when {@code log.access.identity} is on. */
    public @Nullable String subject;

    /** Written only when {@code log.access.identity} is on. */
    public @Nullable String clientId;

    public @Nullable String tokenFingerprint;

    /** {@code host:port} of the service that answered or failed. */
    public @Nullable String upstream;

    public int upstreamStatus = -1;
    public int upstreamAttempts = -1;
    public @Nullable String decidedBy;

    /** Tag of the refusal, or {@code client_gone}. */
    public @Nullable String error;

    /** Copies what authentication policies noted. */
    public void auth(AuthTrail trail) {
        auth = trail.result();
        authReason = trail.reason();
        authSource = trail.source();
        introspectNanos = trail.source() == null ? -1 : trail.introspectNanos();
        tokenFingerprint = trail.tokenFingerprint();
        decidedBy = trail.decidedBy();
    }

    /** Characters that the record keeps alive while it waits, roughly. */
    int weight() {
        return 512 + length(target) + length(userAgent) + length(host);
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
