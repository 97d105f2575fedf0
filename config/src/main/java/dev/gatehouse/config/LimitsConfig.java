package dev.gatehouse.config;

import dev.gatehouse.config.bind.Default;
import dev.gatehouse.config.bind.Doc;
import dev.gatehouse.config.bind.Unit;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Bounds of what one client, one service or one message may cost. Null means unlimited, written {@code unlimited}. */
public record LimitsConfig(
        @Doc("Longest request line in bytes; a longer one is answered with 414.") @Default("8192")
        int maxRequestLineBytes,

        @Doc("Largest header section of a request in bytes; a larger one is answered with 431.") @Default("32768")
        int maxHeaderBytes,

        @Doc("Most header lines of a request; more are answered with 431.") @Default("100")
        int maxHeaderCount,

        @Doc("Largest request body in bytes; a larger one is answered with 413.") @Default("unlimited") @Nullable
        Long maxBodyBytes,

        @Doc("Largest body that a policy may hold in memory, in bytes.") @Default("1048576")
        int maxBufferedBodyBytes,

        @Doc("Time from the first byte of a request to the end of its headers.")
        @Default("10000")
        @Unit(ChronoUnit.MILLIS)
        Duration requestHeaderTimeoutMs,

        @Doc("Longest pause inside a request body.") @Default("30000") @Unit(ChronoUnit.MILLIS)
        Duration requestBodyIdleTimeoutMs,

        @Doc("Longest time in which a client reads nothing of its response.") @Default("60000") @Unit(ChronoUnit.MILLIS)
        Duration responseWriteIdleTimeoutMs,

        @Doc("Longest idle time of a client connection between two requests.")
        @Default("60000")
        @Unit(ChronoUnit.MILLIS)
        Duration keepAliveTimeoutMs,

        @Doc("Requests after which a client connection is closed.") @Default("10000")
        int maxRequestsPerConnection,

        @Doc("Longest TLS handshake of a client.") @Default("10000") @Unit(ChronoUnit.MILLIS)
        Duration tlsHandshakeTimeoutMs,

        @Doc("Most client connections at the same time.") @Default("10000")
        int maxConnections,

        @Doc("Longest time to connect to a service.") @Default("5000") @Unit(ChronoUnit.MILLIS)
        Duration upstreamConnectTimeoutMs,

        @Doc("Longest time from the end of the request to the response headers of a service.")
        @Default("60000")
        @Unit(ChronoUnit.MILLIS)
        Duration upstreamResponseTimeoutMs,

        @Doc("Longest pause inside the response body of a service; never more than its response timeout.")
        @Default("60000")
        @Unit(ChronoUnit.MILLIS)
        Duration upstreamBodyIdleTimeoutMs,

        @Doc("Largest header section of a service's response in bytes.") @Default("65536")
        int upstreamMaxHeaderBytes,

        @Doc("Most header lines of a service's response.") @Default("200")
        int upstreamMaxHeaderCount,

        @Doc("Most connections to one target.") @Default("512")
        int upstreamMaxConnections,

        @Doc("Longest idle time of a pooled connection to a service.") @Default("15000") @Unit(ChronoUnit.MILLIS)
        Duration upstreamIdleTimeoutMs,

        @Doc("Longest time in which nothing moves on a WebSocket.") @Default("300000") @Unit(ChronoUnit.MILLIS)
        Duration webSocketIdleTimeoutMs) {
    public LimitsConfig {
        atLeastOne("maxRequestLineBytes", maxRequestLineBytes);
        atLeastOne("maxHeaderBytes", maxHeaderBytes);
        atLeastOne("maxHeaderCount", maxHeaderCount);
        atLeastOne("maxBodyBytes", maxBodyBytes == null ? 1 : maxBodyBytes);
        atLeastOne("maxBufferedBodyBytes", maxBufferedBodyBytes);
        atLeastOne("maxRequestsPerConnection", maxRequestsPerConnection);
        atLeastOne("maxConnections", maxConnections);
        atLeastOne("upstreamMaxHeaderBytes", upstreamMaxHeaderBytes);
        atLeastOne("upstreamMaxHeaderCount", upstreamMaxHeaderCount);
        atLeastOne("upstreamMaxConnections", upstreamMaxConnections);
        positive("requestHeaderTimeoutMs", requestHeaderTimeoutMs);
        positive("requestBodyIdleTimeoutMs", requestBodyIdleTimeoutMs);
        positive("responseWriteIdleTimeoutMs", responseWriteIdleTimeoutMs);
        positive("keepAliveTimeoutMs", keepAliveTimeoutMs);
        positive("tlsHandshakeTimeoutMs", tlsHandshakeTimeoutMs);
        positive("upstreamConnectTimeoutMs", upstreamConnectTimeoutMs);
        positive("upstreamResponseTimeoutMs", upstreamResponseTimeoutMs);
        positive("upstreamBodyIdleTimeoutMs", upstreamBodyIdleTimeoutMs);
        positive("upstreamIdleTimeoutMs", upstreamIdleTimeoutMs);
        positive("webSocketIdleTimeoutMs", webSocketIdleTimeoutMs);
    }

    // Zero never means "unlimited" by accident.
    private static void atLeastOne(String key, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: 1 or more)");
        }
    }

    private static void positive(String key, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(key + ": " + value.toMillis() + " ms (expected: more than zero)");
        }
    }
}
