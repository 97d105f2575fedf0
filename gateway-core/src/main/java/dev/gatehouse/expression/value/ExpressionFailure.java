package dev.gatehouse.expression.value;

import java.util.List;
import java.util.Map;

/**
 * An expression that could not be evaluated for one request. Carries no stack trace and no value of the request: its
 * message names the kind of error and the place in the expression.
 */
public final class ExpressionFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Kind {
        /** The script threw, or the engine did on its behalf. */
        ERROR,
        /** A property of {@code consumer} or {@code req.user} was read although nobody is authenticated. */
        NO_IDENTITY,
        /** Time, depth or memory ran out. */
        LIMIT
    }

    private final Kind kind;
    private final int status;
    private final transient Map<String, List<String>> headers;

    public ExpressionFailure(Kind kind, String message) {
        this(kind, message, 0, Map.of());
    }

    /**
     * A failure whose answer was chosen by the script.
     *
     * @param status member {@code status} or {@code statusCode} of the thrown object when it is between 400 and 599;
     *     otherwise 0
     * @param headers its member {@code headers} with names and values that can be sent; only with a status
     */
    public ExpressionFailure(Kind kind, String message, int status, Map<String, List<String>> headers) {
        super(message, null, false, false);
        this.kind = kind;
        this.status = status;
        this.headers = status == 0 ? Map.of() : Map.copyOf(headers);
    }

    public Kind kind() {
        return kind;
    }

    /** The status that the script asked for, or 500. */
    public int status() {
        return status == 0 ? 500 : status;
    }

    /** The header fields that the script asked for, each with its lines. */
    public Map<String, List<String>> headers() {
        return headers;
    }
}
