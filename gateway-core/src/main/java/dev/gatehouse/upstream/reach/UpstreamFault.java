package dev.gatehouse.upstream.reach;

import dev.gatehouse.client.CallResult;
import dev.gatehouse.exchange.Refusal;

/** What can go wrong with a service: one table for the client's status, the metric tag and the result of small calls. */
public enum UpstreamFault {
    REFUSED("refused", Refusal.UPSTREAM_CONNECT, CallResult.Cause.REFUSED),
    DNS("dns", Refusal.UPSTREAM_CONNECT, CallResult.Cause.DNS),
    CONNECT_TIMEOUT("connect_timeout", Refusal.UPSTREAM_CONNECT_TIMEOUT, CallResult.Cause.CONNECT_TIMEOUT),
    /** The proxy on the way cannot be reached, refuses, or wants other credentials. */
    PROXY("proxy", Refusal.UPSTREAM_CONNECT, CallResult.Cause.REFUSED),
    PROXY_TIMEOUT("proxy_timeout", Refusal.UPSTREAM_CONNECT_TIMEOUT, CallResult.Cause.CONNECT_TIMEOUT),
    TLS("tls", Refusal.UPSTREAM_TLS, CallResult.Cause.TLS),
    RESPONSE_TIMEOUT("response_timeout", Refusal.UPSTREAM_TIMEOUT, CallResult.Cause.RESPONSE_TIMEOUT),
    /** A reused connection turned out to be closed, and the request must not be repeated. */
    STALE("stale", Refusal.UPSTREAM_RESET, CallResult.Cause.RESET),
    RESET("reset", Refusal.UPSTREAM_RESET, CallResult.Cause.RESET),
    TRUNCATED("truncated", Refusal.UPSTREAM_RESET, CallResult.Cause.TRUNCATED),
    MALFORMED("malformed", Refusal.UPSTREAM_PROTOCOL, CallResult.Cause.MALFORMED),
    /** A redirect that leads nowhere: not readable, or one too many. */
    REDIRECT("redirect", Refusal.UPSTREAM_PROTOCOL, CallResult.Cause.MALFORMED),
    TOO_LARGE("too_large", Refusal.UPSTREAM_PROTOCOL, CallResult.Cause.TOO_LARGE),
    OVERLOAD("overload", Refusal.OVERLOADED, CallResult.Cause.OVERLOAD),
    /** The gateway's own side broke the announced framing, or a policy made a head that cannot be sent. */
    UNSENDABLE("unsendable", Refusal.POLICY_FAILED, CallResult.Cause.MALFORMED);

    private final String tag;
    private final Refusal refusal;
    private final CallResult.Cause cause;

    UpstreamFault(String tag, Refusal refusal, CallResult.Cause cause) {
        this.tag = tag;
        this.refusal = refusal;
        this.cause = cause;
    }

    /** The {@code cause} of metrics and logs. */
    public String tag() {
        return tag;
    }

    /** What the client is told when nothing was sent to it yet. */
    public Refusal refusal() {
        return refusal;
    }

    /** What a small call is told. */
    public CallResult.Cause cause() {
        return cause;
    }

    /** Whether another target may be tried: nothing was sent. */
    public boolean isUnreachable() {
        return switch (this) {
            case REFUSED, DNS, CONNECT_TIMEOUT, PROXY, PROXY_TIMEOUT -> true;
            default -> false;
        };
    }
}
