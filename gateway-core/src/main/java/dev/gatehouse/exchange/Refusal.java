package dev.gatehouse.exchange;

/**
 * Why the gateway answered by itself. One table for status, plain phrase, log field and metric tag.
 *
 * <p>Phrases are those of Express Gateway, because clients of existing installations compare them.
 */
public enum Refusal {
    NO_ROUTE(404, Source.CLIENT, "no_route", "Not Found", "No API is published under this host, path and method."),
    NO_PIPELINE(404, Source.CLIENT, "no_pipeline", "Not Found", "This API has no pipeline."),
    NO_ANSWER(404, Source.GATEWAY, "no_answer", "Not Found", "No policy answered this request."),
    BAD_REQUEST(400, Source.CLIENT, "bad_request", "Bad Request", "The request cannot be understood."),
    METHOD_NOT_ALLOWED(405, Source.CLIENT, "method_not_allowed", "Method Not Allowed", "This method is not allowed."),
    URI_TOO_LONG(414, Source.CLIENT, "uri_too_long", "URI Too Long", "The request line is too long."),
    HEADERS_TOO_LARGE(
            431,
            Source.CLIENT,
            "headers_too_large",
            "Request Header Fields Too Large",
            "The header section is too large."),
    BODY_TOO_LARGE(413, Source.CLIENT, "body_too_large", "Payload Too Large", "The body is too large."),
    EXPECTATION_FAILED(
            417,
            Source.CLIENT,
            "expectation_failed",
            "Expectation Failed",
            "The expectation of the request cannot be met."),
    REQUEST_TIMEOUT(408, Source.CLIENT, "request_timeout", "Request Timeout", "The request did not arrive in time."),
    NO_CREDENTIALS(401, Source.CLIENT, "no_token", "Unauthorized", "An access token is needed."),
    MALFORMED_CREDENTIALS(
            400, Source.CLIENT, "malformed", "Bad Request", "The credentials of the request are malformed."),
    TOKEN_INVALID(401, Source.CLIENT, "inactive", "Unauthorized", "The access token is not valid here."),
    STEP_UP(401, Source.CLIENT, "stepup", "Unauthorized", "A stronger or more recent login is needed."),
    INSUFFICIENT_SCOPE(403, Source.CLIENT, "scope", "Forbidden", "The access token does not cover this operation."),
    INTROSPECTION_UNAVAILABLE(
            503,
            Source.GATEWAY,
            "server_unavailable",
            "Service Unavailable",
            "Authorization is temporarily unavailable."),
    INTROSPECTION_TIMEOUT(
            503, Source.GATEWAY, "server_timeout", "Service Unavailable", "Authorization is temporarily unavailable."),
    RATE_LIMITED(429, Source.CLIENT, "rate_limited", "Too Many Requests", "Too many requests in a short time."),
    TERMINATED(400, Source.GATEWAY, "terminated", "Bad Request", "The request ends here."),
    NO_SERVICE(502, Source.GATEWAY, "no_service", "Bad Gateway", "No service stands behind this API."),
    UPSTREAM_CONNECT(502, Source.UPSTREAM, "upstream_refused", "Bad gateway.", "The service cannot be reached."),
    UPSTREAM_CONNECT_TIMEOUT(
            504,
            Source.UPSTREAM,
            "upstream_connect_timeout",
            "Gateway Timeout",
            "The service did not accept a connection in time."),
    UPSTREAM_TLS(
            502, Source.UPSTREAM, "upstream_tls", "Bad gateway.", "No trusted connection to the service is possible."),
    UPSTREAM_TIMEOUT(
            504, Source.UPSTREAM, "upstream_timeout", "Gateway Timeout", "The service did not answer in time."),
    UPSTREAM_RESET(502, Source.UPSTREAM, "upstream_reset", "Bad gateway.", "The service broke off."),
    UPSTREAM_PROTOCOL(502, Source.UPSTREAM, "upstream_protocol", "Bad gateway.", "The service gave no valid answer."),
    OVERLOADED(
            503, Source.GATEWAY, "overload", "Service Unavailable", "The gateway has too much to do; try again soon."),
    STOPPING(503, Source.GATEWAY, "stopping", "Service Unavailable", "The gateway is stopping; try again soon."),
    POLICY_FAILED(
            500,
            Source.GATEWAY,
            "policy_failed",
            "Internal Server Error",
            "The gateway could not process the request.");

    /** Whose fault it is. */
    public enum Source {
        CLIENT,
        GATEWAY,
        UPSTREAM
    }

    private final int status;
    private final Source source;
    private final String tag;
    private final String phrase;
    private final String detail;

    Refusal(int status, Source source, String tag, String phrase, String detail) {
        this.status = status;
        this.source = source;
        this.tag = tag;
        this.phrase = phrase;
        this.detail = detail;
    }

    /** The status when nothing else is configured. */
    public int status() {
        return status;
    }

    public Source source() {
        return source;
    }

    /** Value of the log field {@code error} and of metric tags. */
    public String tag() {
        return tag;
    }

    /** Body of the plain answer. */
    public String phrase() {
        return phrase;
    }

    /** Member {@code detail} of the problem document: one sentence without internals. */
    public String detail() {
        return detail;
    }
}
