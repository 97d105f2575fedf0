package dev.gatehouse.client;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One bounded request made by the gateway itself. Redirects are never followed.
 *
 * @param target whom to ask
 * @param requestTarget path and query, starting with a slash
 * @param headers without Host, Content-Length and Connection, which the caller adds
 * @param body may be empty; not changed after the call
 * @param maxResponseBytes bound of the response body, counted after content decoding
 * @param connectTimeout bound of TCP and TLS set-up
 * @param firstByteTimeout bound from the start of the call to the first byte of the response
 * @param totalTimeout bound of the whole exchange
 * @param connectionIdle longest time its connection waits in the pool afterwards; null = as the gateway's limits say
 */
public record HttpCall(
        Target target,
        HttpMethod method,
        String requestTarget,
        HttpHeaders headers,
        byte[] body,
        int maxResponseBytes,
        Duration connectTimeout,
        Duration firstByteTimeout,
        Duration totalTimeout,
        @Nullable Duration connectionIdle) {
    /** With the gateway's own limit for idle connections. */
    public HttpCall(
            Target target,
            HttpMethod method,
            String requestTarget,
            HttpHeaders headers,
            byte[] body,
            int maxResponseBytes,
            Duration connectTimeout,
            Duration firstByteTimeout,
            Duration totalTimeout) {
        this(
                target,
                method,
                requestTarget,
                headers,
                body,
                maxResponseBytes,
                connectTimeout,
                firstByteTimeout,
                totalTimeout,
                null);
    }

    /** Names no header, no body and no query: they hold credentials. */
    @Override
    public String toString() {
        int query = requestTarget.indexOf('?');
        String path = query < 0 ? requestTarget : requestTarget.substring(0, query);
        return method + " " + target.authority() + path;
    }
}
