package dev.gatehouse.tls;

/** Key material that cannot be used. The message names file and reason, fit to be shown to the operator; no secrets. */
public final class TlsProblem extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    TlsProblem(String message) {
        super(message);
    }

    TlsProblem(String message, Throwable cause) {
        super(message, cause);
    }
}
