package dev.gatehouse.upstream;

/**
 * The bounds of one call. Times in nanoseconds.
 *
 * @param connectNanos bound of name resolution, TCP and TLS set-up, and of waiting for a free connection
 * @param responseNanos bound from the end of the request to the response head
 * @param pauseNanos longest pause inside the response body while more is wanted
 * @param firstByteNanos bound from the start of the call to the first byte of the response
 * @param totalNanos bound of the whole call
 * @param idleNanos longest time the connection waits in the pool afterwards
 * @param maxInterim most interim answers
 * @param maxHeaderBytes largest header section
 * @param maxHeaderCount most header lines
 * @param readOnly whether the call may be repeated whatever its method
 * @param upgrade whether the request asks for WebSocket, so that 101 is an answer to it
 */
record CallRules(
        long connectNanos,
        long responseNanos,
        long pauseNanos,
        long firstByteNanos,
        long totalNanos,
        long idleNanos,
        int maxInterim,
        int maxHeaderBytes,
        int maxHeaderCount,
        boolean readOnly,
        boolean upgrade) {
    static final long UNBOUNDED = Long.MAX_VALUE / 4;
}
