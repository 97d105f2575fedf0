package dev.gatehouse.client;

import io.netty.handler.codec.http.HttpHeaders;

/** How a call ended. Expected failures are values, never exceptions. */
public sealed interface CallResult {
    /**
     * A complete, well-framed response of any status.
     *
     * @param status status code
     * @param headers header fields
     * @param body content after decoding of gzip or deflate
     * @param repeated whether the request was sent twice, because the first connection ended without an answer
     */
    record Answer(int status, HttpHeaders headers, byte[] body, boolean repeated) implements CallResult {}

    /**
     * No usable response.
     *
     * @param cause why
     * @param nothingReceived whether not one byte of a response had arrived
     */
    record Failed(Cause cause, boolean nothingReceived) implements CallResult {}

    /** Why a call failed; the tags are those of metrics and logs. */
    enum Cause {
        REFUSED("refused"),
        DNS("dns"),
        CONNECT_TIMEOUT("connect_timeout"),
        TLS("tls"),
        RESPONSE_TIMEOUT("response_timeout"),
        RESET("reset"),
        TRUNCATED("truncated"),
        MALFORMED("malformed"),
        TOO_LARGE("too_large"),
        OVERLOAD("overload");

        private final String tag;

        Cause(String tag) {
            this.tag = tag;
        }

        public String tag() {
            return tag;
        }
    }
}
