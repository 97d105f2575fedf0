package dev.gatehouse.runtime;

/** The gateway cannot start although its configuration is valid: a port in use, a missing permission. */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1L;

    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
