package dev.gatehouse.policies.introspect.report;

import dev.gatehouse.client.CallResult;

/** Why the state of a token is unknown. The tags are those of logs and metrics. */
public enum Cause {
    REFUSED("refused"),
    DNS("dns"),
    CONNECT_TIMEOUT("connect_timeout"),
    TLS("tls"),
    RESPONSE_TIMEOUT("response_timeout"),
    RESET("reset"),
    TRUNCATED("truncated"),
    MALFORMED("malformed"),
    TOO_LARGE("too_large"),
    OVERLOAD("overload"),
    STATUS("status"),
    RATE_LIMITED("rate_limited"),
    CREDENTIALS("credentials"),
    UNUSABLE("unusable"),
    BREAKER("breaker"),
    BULKHEAD("bulkhead"),
    WAITERS("waiters"),
    DISCOVERY("discovery"),
    INTERNAL("internal");

    private final String tag;

    Cause(String tag) {
        this.tag = tag;
    }

    public String tag() {
        return tag;
    }

    /** Whether the server was too slow, as opposed to wrong or absent. */
    public boolean isTimeout() {
        return this == RESPONSE_TIMEOUT || this == CONNECT_TIMEOUT;
    }

    /**
     * Whether the server seems to be down, overloaded or closed to us, so that asking it less helps. One that answers
     * promptly what cannot be used is none of these: its next answer may be fine, and good tokens must not suffer for
     * the odd one (the attack corpus sends dozens of them in a row).
     */
    public boolean isOutage() {
        return switch (this) {
            case REFUSED,
                    DNS,
                    CONNECT_TIMEOUT,
                    TLS,
                    RESPONSE_TIMEOUT,
                    RESET,
                    TRUNCATED,
                    OVERLOAD,
                    STATUS,
                    RATE_LIMITED,
                    CREDENTIALS -> true;
            case MALFORMED, TOO_LARGE, UNUSABLE, BREAKER, BULKHEAD, WAITERS, DISCOVERY, INTERNAL -> false;
        };
    }

    /** Whether a known token may be trusted a little longer: the server could not be asked, or was too busy to answer. */
    public boolean allowsStale() {
        // Credentials that are refused mean that the server was there and judged.
        return this == BREAKER || (isOutage() && this != CREDENTIALS);
    }

    /** Whether there was nobody to connect to. */
    public boolean isUnreachable() {
        return this == REFUSED || this == DNS || this == CONNECT_TIMEOUT;
    }

    public static Cause of(CallResult.Cause cause) {
        return switch (cause) {
            case REFUSED -> REFUSED;
            case DNS -> DNS;
            case CONNECT_TIMEOUT -> CONNECT_TIMEOUT;
            case TLS -> TLS;
            case RESPONSE_TIMEOUT -> RESPONSE_TIMEOUT;
            case RESET -> RESET;
            case TRUNCATED -> TRUNCATED;
            case MALFORMED -> MALFORMED;
            case TOO_LARGE -> TOO_LARGE;
            case OVERLOAD -> OVERLOAD;
        };
    }
}
